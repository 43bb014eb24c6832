// One plain DFU device on a bench under a virtual clock, and a host that keeps to USB DFU 1.1: it waits as long as it is
// told before it asks again.
import type { SimulatedDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import type { SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../../src/shared/model/ids.ts'
import { arrival, departure, limits } from '../dfu-host.ts'
import { kindBench } from './kind-bench.ts'

export interface DfuBench {
  readonly clock: Clock
  readonly bus: SimulatedBus
  readonly device: SimulatedDfuDevice
  readonly portPath: PortPath
}

interface Wanted {
  readonly start?: 'normal' | 'dfu'
  /** As a bench file words it. */
  readonly device?: object
}

export function dfuBench(wanted: Wanted = {}, speed = 1): DfuBench {
  return kindBench('dfu', { ...wanted, speed })
}

export interface Status {
  readonly status: number
  readonly pollMs: number
  readonly state: number
}

export type PlainHost = Awaited<ReturnType<typeof openLoader>>

/** The host's side of the DFU interface of what is on the bus, or arrives next. */
export async function openLoader({ bus, clock }: DfuBench, interfaceNumber = 0) {
  const usb = await arrival(bus)
  await usb.open(limits.signal)
  await usb.claim(interfaceNumber)
  const out = (request: number, value: number, data: Uint8Array = new Uint8Array()) =>
    usb.controlOut({ requestType: 0x21, request, value, index: interfaceNumber }, data, limits)
  const read = (request: number, value: number, lengthBytes: number) =>
    usb.controlIn({ requestType: 0xa1, request, value, index: interfaceNumber }, lengthBytes, limits)
  const status = async (): Promise<Status> => {
    const bytes = Buffer.from(await read(3, 0, 6))
    return { status: bytes.readUInt8(0), pollMs: bytes.readUIntLE(1, 3), state: bytes.readUInt8(4) }
  }
  /** Asks, and waits as told, until the device is out of dfuDNBUSY and dfuMANIFEST. */
  const settle = async (): Promise<Status> => {
    const now = await status()
    if (now.state !== 4 && now.state !== 7) return now
    await clock.sleep(now.pollMs)
    return settle()
  }
  const block = async (number: number, data: Uint8Array) => {
    await out(1, number, data)
    return settle()
  }
  return {
    usb,
    out,
    read,
    status,
    settle,
    block,
    /** All blocks and the end of the download; the first status that is not OK, else the last. */
    download: async (image: Uint8Array, transferBytes = 1024): Promise<Status> => {
      for (let at = 0; at < image.length; at += transferBytes) {
        const answer = await block(at / transferBytes, image.subarray(at, at + transferBytes))
        if (answer.status !== 0) return answer
      }
      await out(1, Math.ceil(image.length / transferBytes))
      return settle()
    },
    upload: async (transferBytes = 1024): Promise<Uint8Array> => {
      const blocks: Uint8Array[] = []
      for (let number = 0; ; number += 1) {
        const bytes = await read(2, number, transferBytes)
        blocks.push(bytes)
        if (bytes.length < transferBytes) return Buffer.concat(blocks)
      }
    },
    /** The next device on the port, this one being gone. */
    next: async (): Promise<UsbDevice> => {
      await departure(bus, usb)
      return arrival(bus)
    },
  }
}
