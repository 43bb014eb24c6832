// A witness that shares no line with the station: dfu-util, on boards that a hand brought into DFU mode.
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import type { FlashRange } from '../scenarios/ground.ts'
import { until } from './bench.ts'

const run = promisify(execFile)
const vendor = '2b04'
const dfuMode = 0xd000
const modeMask = 0xf000

export function isInDfuMode(bus: UsbBus, portPath: string): boolean {
  return bus.devices().some((device) => device.portPath === portPath && (device.productId & modeMask) === dfuMode)
}

export function untilInDfuMode(bus: UsbBus, portPaths: readonly string[]): Promise<void> {
  return until(() => portPaths.every((portPath) => isInDfuMode(bus, portPath)))
}

/** Bytes of the internal flash of the board in DFU mode on this port. */
export async function readByDfuUtil(portPath: string, { address, sizeBytes }: FlashRange): Promise<Uint8Array> {
  const file = join(tmpdir(), `witness-${process.pid}-${portPath}-${address.toString(16)}`)
  try {
    await run('dfu-util', [
      '-p',
      portPath,
      '-d',
      `,${vendor}:*`,
      '-a',
      '0',
      '-s',
      `${address}:${sizeBytes}`,
      '-U',
      file,
    ])
    return readFileSync(file)
  } finally {
    rmSync(file, { force: true })
  }
}
