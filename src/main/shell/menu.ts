// No menu: everything is on the screen. macOS needs one for copy, paste and quit to work at all.
import { Menu } from 'electron/main'

export function setMenu(): void {
  const isMac = process.platform === 'darwin'
  Menu.setApplicationMenu(
    isMac ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null,
  )
}
