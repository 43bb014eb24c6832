// Where the built parts lie, seen from the built shell: out/main beside out/preload and out/renderer, in the project's
// folder and in the packaged archive alike.
import { join } from 'node:path'

const built = import.meta.dirname

export const builtPaths = {
  preload: join(built, '..', 'preload', 'preload.cjs'),
  rendererFolder: join(built, '..', 'renderer'),
  stationHost: join(built, 'station-host.js'),
  icon: join(built, '..', '..', 'resources', 'icon.png'),
} as const
