// The shell, read from top to bottom: the desktop window onto the station. Everything with a decision in it is a file
// beside this one; the station itself is behind the desk.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, dialog, powerSaveBlocker } from 'electron/main'
import { asFault, describeFault } from '../../shared/fault/fault.ts'
import { createDesk } from '../desk/create-desk.ts'
import { defaultDataRoot } from '../desk/data-folder.ts'
import { listPageFiles } from '../page/page-files.ts'
import { benchOfFlags } from './bench-of-flags.ts'
import { readFlags, type ShellFlags } from './flags.ts'
import { forkUtilityHost } from './fork-utility.ts'
import { askBeforeClosing } from './guards/ask-before-closing.ts'
import { refuseLeaving } from './guards/refuse-leaving.ts'
import { refuseNetwork, silenceChromium } from './guards/refuse-network.ts'
import { refusePermissions } from './guards/refuse-permissions.ts'
import { isOnlyInstance } from './guards/single-instance.ts'
import { setMenu } from './menu.ts'
import { claimLinks, hearOfPacks, openPacks } from './open-packs.ts'
import { createPackInbox, type PackInbox } from './pack-inbox.ts'
import { registerPageScheme, servePage } from './page-scheme.ts'
import { builtPaths } from './paths.ts'
import { closeDeskBeforeQuit } from './quit.ts'
import { saveExport, saveFile } from './save-export.ts'
import { serveContract } from './serve-contract.ts'
import { openShellLog } from './shell-log.ts'
import { createWindow, showPage } from './window.ts'

/** Codes of the command line: bad usage, the station failed. */
const exitCodes = { usage: 2, failed: 3 } as const

function start(): void {
  const flags = readFlags(process.argv.slice(1), process.cwd())
  const dataFolder = resolve(flags.dataFolder ?? defaultDataRoot(flags.isDemo ? 'dfu-station-demo' : 'dfu-station'))
  const inbox = createPackInbox()
  inbox.put(flags.pack)
  hearOfPacks(inbox)
  keepScreenIn(dataFolder)
  registerPageScheme()
  silenceChromium()
  if (!isOnlyInstance(inbox)) {
    app.quit()
    return
  }
  void app
    .whenReady()
    .then(() => open(flags, dataFolder, inbox))
    .catch((thrown: unknown) => fail(thrown, exitCodes.failed))
}

async function open(flags: ShellFlags, dataFolder: string, inbox: PackInbox): Promise<void> {
  const log = openShellLog(dataFolder)
  const refused = (what: string) => log.warn(`refused ${what}`)
  refuseLeaving(refused)
  refusePermissions()
  refuseNetwork(refused)
  setMenu()
  servePage(await listPageFiles(builtPaths.rendererFolder))
  const window = createWindow()
  const desk = await createDesk({
    dataFolder,
    forkHost: forkUtilityHost(builtPaths.stationHost),
    log,
    ...(await benchOfFlags(flags, dataFolder, log)),
    deliverExport: (format, filter) => saveExport({ window, format, text: () => desk.exportText(format, filter) }),
    deliverFile: (path) => saveFile(window, path),
  })
  closeDeskBeforeQuit(desk, (thrown) => log.error(asFault(thrown).message))
  askBeforeClosing(window, desk)
  serveContract({ desk, page: window.webContents, onRefused: refused })
  powerSaveBlocker.start('prevent-app-suspension')
  await showPage(window)
  claimLinks()
  openPacks({ inbox, desk, window, onRefused: refused })
}

/** What Chromium keeps lies with the station's own state, and the lock of the single instance with it. */
function keepScreenIn(dataFolder: string): void {
  const folder = join(dataFolder, 'screen')
  mkdirSync(folder, { recursive: true })
  app.setPath('userData', folder)
  app.setPath('sessionData', folder)
}

function fail(thrown: unknown, code: number): void {
  const fault = asFault(thrown)
  const { title, remedy } = describeFault(fault)
  process.stderr.write(`${fault.message}\n`)
  if (app.isReady()) dialog.showErrorBox(title, `${remedy}\n\n${fault.detail}`)
  app.exit(code)
}

try {
  start()
} catch (thrown) {
  fail(thrown, exitCodes.usage)
}
