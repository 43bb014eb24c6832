// Opens an address in this person's browser, where there is one. It never fails the run: the address is printed too.
import { spawn } from 'node:child_process'
import { hasDisplay } from './choose-window.ts'

/** Program and words that open an address; null where nobody would see it. */
export function browserCommand(
  address: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): readonly [string, ...string[]] | null {
  if (env['CI'] || !hasDisplay(env, platform)) return null
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address]
  return [platform === 'darwin' ? 'open' : 'xdg-open', address]
}

export function openBrowser(address: string): void {
  const command = browserCommand(address, process.env, process.platform)
  if (!command) return
  const [program, ...words] = command
  const child = spawn(program, words, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
