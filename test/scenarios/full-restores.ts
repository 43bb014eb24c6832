// Two releases of every platform between which a board is restored whole, up and down: as far apart as the station goes in
// one job. A platform without an entry does not compile.
import type { PlatformName } from '../../src/shared/model/platform.ts'

export interface FullRestore {
  readonly older: string
  readonly newer: string
}

export const fullRestores: Readonly<Record<PlatformName, FullRestore>> = {
  photon: { older: '1.5.2', newer: '3.3.0' },
  p1: { older: '1.5.2', newer: '3.3.0' },
  electron: { older: '1.5.2', newer: '3.3.0' },
  argon: { older: '1.5.2', newer: '6.3.4' },
  // Below 2.0.0 only by way of 1.5.2 and a cellular connection, for the modem's sake.
  boron: { older: '2.0.1', newer: '6.3.4' },
  xenon: { older: '1.5.0', newer: '1.5.2' },
  esomx: { older: '4.0.1', newer: '6.3.4' },
  asom: { older: '1.4.2', newer: '1.4.4' },
  bsom: { older: '2.0.1', newer: '6.3.4' },
  xsom: { older: '1.4.2', newer: '1.4.4' },
  b5som: { older: '1.5.2', newer: '6.3.4' },
  // Its NCP is taken from Device OS 3.0.0 on.
  tracker: { older: '4.0.2', newer: '6.3.4' },
  trackerm: { older: '5.8.0', newer: '6.3.4' },
  p2: { older: '5.0.0', newer: '6.3.4' },
  msom: { older: '5.8.0', newer: '6.3.4' },
  electron2: { older: '6.2.1', newer: '6.3.4' },
  sulu: { older: '6.2.1', newer: '6.3.4' },
}
