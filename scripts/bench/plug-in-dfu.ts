// One simulated board in DFU mode and the engine's session with it, in this process: nothing lies between them.
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { createSimulatedBoard, type SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { demoDeviceOs } from '../../src/main/sim/synthetic/demo-firmware.ts'
import { type DfuSession, openDfu } from '../../src/main/station/dfu/session.ts'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { parsePortPath } from '../../src/shared/model/ids.ts'
import type { BenchPlatform } from './firmware.ts'

export interface PluggedDfu extends AsyncDisposable {
  readonly board: SimulatedBoard
  readonly session: DfuSession
}

/** The board holds the release of the demo, and real flash timing by the clock given. */
export async function plugInDfu(platform: BenchPlatform, clock: Clock): Promise<PluggedDfu> {
  const portPath = parsePortPath('1-1.1')
  if (!portPath) throw new Error('no port')
  const board = createSimulatedBoard(boardSpecOf({ platform, start: 'dfu', deviceOs: demoDeviceOs[platform] }, 0))
  const bus = createSimulatedBus({ clock, speed: 1 })
  const arrived = new Promise<UsbDevice>((resolve) => bus.watch(({ device }) => resolve(device)))
  bus.plug(portPath, board)
  const { signal } = new AbortController()
  const session = await openDfu(await arrived, { clock, signal, family: platformOf(platform).mcu })
  return {
    board,
    session,
    [Symbol.asyncDispose]: async () => {
      await session.close()
      await bus[Symbol.asyncDispose]()
    },
  }
}
