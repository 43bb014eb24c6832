// One shell per data folder: the second start shows the window of the first and ends.
import { app, BrowserWindow } from 'electron/main'

/** True when this is the first. The lock is by userData, which lies in the data folder. */
export function isOnlyInstance(): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  return true
}
