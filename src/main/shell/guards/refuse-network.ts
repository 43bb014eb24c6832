// Offline is normal: the page asks for files of app://station/ and for nothing else, and Chromium for nothing by itself.
import { app, session } from 'electron/main'
import { pageOrigin } from '../page-address.ts'

/** Before the app is ready. */
export function silenceChromium(): void {
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'no-pings',
  ]) {
    app.commandLine.appendSwitch(name)
  }
}

/** Once the app is ready. Developer tools load their own pages. */
export function refuseNetwork(onRefused: (what: string) => void): void {
  session.defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const isOwn = details.url.startsWith(`${pageOrigin}/`) || /^(devtools|data|blob):/.test(details.url)
    if (!isOwn) onRefused(`to load ${details.url}`)
    answer({ cancel: !isOwn })
  })
}
