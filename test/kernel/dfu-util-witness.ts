// A witness that shares no line with the station: dfu-util, on boards that a hand brought into DFU mode.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import type { FlashReading } from '../scenarios/ground.ts'
import { until } from './bench.ts'

const run = promisify(execFile)
const dfuMode = 0xd000
const modeMask = 0xf000
/** Vendor of the boards, any product, whatever else is said of their normal mode. */
const anyBoard = ',2b04:*'

export function untilInDfuMode(bus: UsbBus, portPaths: readonly string[]): Promise<void> {
  const isThere = (portPath: string) =>
    bus.devices().some((device) => device.portPath === portPath && (device.productId & modeMask) === dfuMode)
  return until(() => portPaths.every(isThere))
}

type PlacedReading = Omit<FlashReading, 'slot'> & { readonly portPath: string }

/** The bytes of each reading; one shell runs them all, since a process of its own for each costs the kernel 0.3 s. */
export async function readByDfuUtil(readings: readonly PlacedReading[]): Promise<readonly Uint8Array[]> {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'))
  try {
    const commands = readings.map(
      ({ portPath, address, sizeBytes }, at) =>
        `dfu-util -p ${portPath} -d ${anyBoard} -a 0 -s ${address}:${sizeBytes} -U ${at} > log 2>&1 || { cat log >&2; exit 1; }`,
    )
    await run('/bin/sh', ['-c', commands.join('\n')], { cwd: folder })
    return readings.map((_, at) => readFileSync(join(folder, String(at))))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
