// Camera, notifications, USB through the browser and all the rest: the page needs none of them and gets none.
import { session } from 'electron/main'

export function refusePermissions(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
}
