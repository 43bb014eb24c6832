// A page of the shell stays where it is: no navigation, no second window, no guest page, whoever asks.
import { app } from 'electron/main'

export function refuseLeaving(onRefused: (what: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      event.preventDefault()
      onRefused(`to go to ${event.url}`)
    })
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      onRefused(`to open ${url}`)
      return { action: 'deny' }
    })
  })
}
