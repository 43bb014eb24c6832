// The end of the shell: with its window, and not before the desk has closed every record and the USB process has ended.
import { app } from 'electron/main'
import type { Desk } from '../desk/desk.ts'

export function closeDeskBeforeQuit(desk: Desk, onFailed: (thrown: unknown) => void): void {
  let isClosed = false
  let isClosing = false
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    if (isClosing) return
    isClosing = true
    void desk
      .close()
      .catch(onFailed)
      .finally(() => {
        isClosed = true
        app.quit()
      })
  })
}
