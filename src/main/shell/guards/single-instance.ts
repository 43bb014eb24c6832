// One shell per data folder: the second start shows the window of the first and ends.
import { app, BrowserWindow } from 'electron/main'
import type { PackInbox } from '../pack-inbox.ts'
import { askedPack } from '../pack-word.ts'

/** True when this is the first. The lock is by userData, which lies in the data folder. */
export function isOnlyInstance(inbox: PackInbox): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, words, folder) => {
    inbox.put(askedPack(words.slice(1), folder))
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  return true
}
