// What "npm start" and "npm run demo" run: the desktop window where there can be one, else the web door with one line
// that says so. It builds what is stale, and holds no station of its own.
import { fileURLToPath } from 'node:url'
import { asFault } from '../../shared/fault/fault.ts'
import { systemClock } from '../station/system-clock.ts'
import { chooseWindow, type WindowChoice } from './choose-window.ts'
import { ensureBuilt } from './ensure-built.ts'
import { type LaunchArguments, readLaunchArguments } from './launch-arguments.ts'
import { openBrowser } from './open-browser.ts'
import { runChild } from './run-child.ts'

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))
const commandLine = fileURLToPath(new URL('../headless/station-cli.ts', import.meta.url))
/** An Electron that cannot run here (a missing library, a forbidden sandbox) ends at once; the station does not. */
const brokenWithinMs = 10_000
/** What the window ends with by itself: done, bad usage, the station failed. Electron that cannot run ends with others. */
const ownCodes = [0, 2, 3]

async function launch(words: readonly string[]): Promise<number> {
  const asked = readLaunchArguments(words)
  if (asked.isHeadless) return runCommandLine([asked.form === 'demo' ? 'demo' : 'serve', '--headless', ...asked.rest])
  await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => say('Building the screens ...') })
  const choice = await chooseForm(asked)
  if (choice.kind === 'browser') return openWebDoor(asked, choice.reason)
  return openWindow(asked, choice.binary)
}

async function chooseForm(asked: LaunchArguments): Promise<WindowChoice> {
  if (asked.isWebOnly) return { kind: 'browser', reason: 'as asked' }
  return chooseWindow({ env: process.env, platform: process.platform, clock: systemClock })
}

async function openWindow(asked: LaunchArguments, binary: string): Promise<number> {
  const startedAt = systemClock.monotonic()
  const words = [projectFolder, ...(asked.form === 'demo' ? ['--demo'] : []), ...asked.rest]
  const { code, isKilled, wasStopped } = await runChild({ program: binary, words, cwd: process.cwd() })
  const isEarly = systemClock.monotonic() - startedAt < brokenWithinMs
  const isBroken = isEarly && !wasStopped && (isKilled || !ownCodes.includes(code))
  return isBroken ? openWebDoor(asked, `Electron does not run here (it ended with ${code})`) : code
}

async function openWebDoor(asked: LaunchArguments, reason: string): Promise<number> {
  let isOpen = false
  const words = [asked.form === 'demo' ? 'demo' : 'serve', ...asked.rest]
  return runCommandLine([...words, ...(asked.port === null ? [] : ['--port', String(asked.port)])], (line) => {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(line)?.[0]
    if (isOpen || address === undefined) return say(line)
    isOpen = true
    // A script that asked for JSON gets what it asked for.
    if (asked.rest.includes('--json')) say(line)
    else say(`No desktop window (${reason}); the station is in the browser at ${address}`)
    if (asked.opensBrowser) openBrowser(address)
  })
}

async function runCommandLine(words: readonly string[], onLine?: (line: string) => void): Promise<number> {
  const { code } = await runChild({
    ...{ program: process.execPath, words: [commandLine, ...words], cwd: process.cwd() },
    ...(onLine ? { onLine } : {}),
  })
  return code
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

launch(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    const fault = asFault(thrown)
    process.stderr.write(`${fault.detail}\n`)
    process.exit(fault.code === 'CALL_REJECTED' ? 2 : 3)
  },
)
