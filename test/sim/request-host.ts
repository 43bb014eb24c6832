// The host's half of the request protocol on the simulated bus, for tests: one request after the other, read by the
// offsets of our protocol notes.
import { bytes, decode, encode, uint, uintOf } from '../../src/main/sim/normal/protobuf.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { limits } from './dfu-host.ts'

interface Line {
  readonly device: UsbDevice
  readonly clock: Clock
}

const serviceIn = (request: number, index: number, value = 0) => ({ requestType: 0xc0, request, value, index })
const none = new Uint8Array(0)
const field = { id: 0x02, size: 0x04, result: 0x08 } as const

function view(reply: Uint8Array): DataView {
  return new DataView(reply.buffer, reply.byteOffset, reply.byteLength)
}

/** Result and reply body; waits as long as the board does. */
export async function askBoard({ device, clock }: Line, type: number, payload: Uint8Array = none) {
  const opened = await device.controlIn(serviceIn(1, type, payload.length), 64, limits)
  const id = view(opened).getUint16(6, true)
  if (payload.length > 64) await clock.sleep(5)
  const send = { requestType: 0x40, request: 3, value: 0, index: id }
  if (payload.length > 0) await device.controlOut(send, payload, limits)
  for (;;) {
    const state = view(await device.controlIn(serviceIn(2, id), 64, limits))
    const present = state.getUint32(0, true)
    if (present & field.result) {
      const sizeBytes = present & field.size ? state.getUint32(6, true) : 0
      const result = state.getInt32(sizeBytes > 0 ? 10 : 6, true)
      const reply = sizeBytes > 0 ? await device.controlIn(serviceIn(4, id), sizeBytes, limits) : none
      return { result, reply }
    }
    await clock.sleep(20)
  }
}

/** Sends a whole module; the result of the last request. */
export async function updateBoard(line: Line, file: Uint8Array): Promise<number> {
  const started = await askBoard(line, 250, encode(uint(1, file.length)))
  const chunkBytes = uintOf(decode(started.reply) ?? [], 1)
  for (let at = 0; at < file.length; at += chunkBytes) {
    await askBoard(line, 253, encode(bytes(1, file.subarray(at, at + chunkBytes))))
  }
  return (await askBoard(line, 251)).result
}
