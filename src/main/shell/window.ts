// The one window of the shell. Its page has no Node, no other origin, no plugin: it has window.station.
import { BrowserWindow } from 'electron/main'
import { pageAddress } from './page-address.ts'
import { builtPaths } from './paths.ts'

/** The window, hidden; `showPage` fills it. */
export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1600,
    height: 900,
    minWidth: 1024,
    minHeight: 600,
    show: false,
    title: 'DFU Station',
    icon: builtPaths.icon,
    autoHideMenuBar: true,
    webPreferences: {
      preload: builtPaths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      backgroundThrottling: false,
    },
  })
  // Shown when there is something to see, so that nobody looks at a white sheet.
  window.once('ready-to-show', () => window.show())
  return window
}

export function showPage(window: BrowserWindow): Promise<void> {
  return window.loadURL(pageAddress)
}
