// A window that is closed by mistake must not cost the boards that are just being written: ask first. A signal asks
// nobody: who sends one means it.
import { app, type BrowserWindow, dialog } from 'electron/main'
import type { Desk } from '../../desk/desk.ts'

export function askBeforeClosing(window: BrowserWindow, desk: Desk): void {
  const working = new Map<number, boolean>()
  desk.watch('bench', (frame) => {
    if (frame.full) working.clear()
    for (const slot of frame.slots) working.set(slot.slot, slot.state === 'working')
  })
  let isDecided = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isDecided = true
      app.quit()
    })
  }
  window.on('close', (event) => {
    const count = [...working.values()].filter(Boolean).length
    if (isDecided || count === 0) return
    event.preventDefault()
    void ask(window, count).then((closes) => {
      if (!closes) return
      isDecided = true
      window.close()
    })
  })
}

async function ask(window: BrowserWindow, count: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    buttons: ['Keep flashing', 'Stop and close'],
    defaultId: 0,
    cancelId: 0,
    message: count === 1 ? 'A board is being flashed.' : `${count} boards are being flashed.`,
    detail: 'Closing stops them. They are recorded as stopped and must be started again.',
  })
  return response === 1
}
