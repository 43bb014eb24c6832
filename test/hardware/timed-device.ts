// A view of a USB device that notes what each control transfer of DFU took. From the sequence of transfers follow the
// times of the flash: a bootloader works in the GETSTATUS after a DNLOAD (nRF, RTL in the second one, Gen 2 in the first).
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { blockBytes } from './model.ts'

interface TimedTransfer {
  readonly request: number
  readonly block: number
  readonly data: Uint8Array
  readonly sizeBytes: number
  readonly ms: number
}

export interface FlashTimes {
  /** Each erased sector: its address, and from the command to its end. */
  readonly erases: readonly { readonly address: number; readonly ms: number }[]
  /** Each whole block programmed, without its way over the wire. */
  readonly programsMs: readonly number[]
  /** Each whole block over the wire. */
  readonly blocksOutMs: readonly number[]
  readonly blocksInMs: readonly number[]
  /** GETSTATUS where the board had nothing to do. */
  readonly statusesMs: readonly number[]
}

export interface TimedDevice {
  readonly device: UsbDevice
  flashTimes(): FlashTimes
}

const classTransfer = 0x20
const requests = { dnload: 1, upload: 2, getstatus: 3 } as const
const eraseCommand = 0x41
const none = new Uint8Array()

export function timedDevice(inner: UsbDevice): TimedDevice {
  const transfers: TimedTransfer[] = []
  const device: UsbDevice = {
    portPath: inner.portPath,
    deviceAddress: inner.deviceAddress,
    vendorId: inner.vendorId,
    productId: inner.productId,
    deviceRelease: inner.deviceRelease,
    manufacturerIndex: inner.manufacturerIndex,
    productIndex: inner.productIndex,
    serialNumberIndex: inner.serialNumberIndex,
    configuration: () => inner.configuration(),
    open: (signal) => inner.open(signal),
    claim: (number) => inner.claim(number),
    release: (number) => inner.release(number),
    selectAlternate: (number, alternate) => inner.selectAlternate(number, alternate),
    reset: () => inner.reset(),
    close: () => inner.close(),
    controlIn: async (setup, lengthBytes, options) => {
      const startedAt = systemClock.monotonic()
      const read = await inner.controlIn(setup, lengthBytes, options)
      const ms = systemClock.monotonic() - startedAt
      if ((setup.requestType & classTransfer) !== 0) {
        transfers.push({ request: setup.request, block: setup.value, data: none, sizeBytes: read.length, ms })
      }
      return read
    },
    controlOut: async (setup, data, options) => {
      const startedAt = systemClock.monotonic()
      await inner.controlOut(setup, data, options)
      const ms = systemClock.monotonic() - startedAt
      if ((setup.requestType & classTransfer) !== 0) {
        const head = data.slice(0, 5)
        transfers.push({ request: setup.request, block: setup.value, data: head, sizeBytes: data.length, ms })
      }
    },
  }
  return { device, flashTimes: () => flashTimesOf(transfers) }
}

function flashTimesOf(transfers: readonly TimedTransfer[]): FlashTimes {
  const isWhole = (transfer: TimedTransfer, request: number) =>
    transfer.request === request && transfer.block >= 2 && transfer.sizeBytes === blockBytes
  const blocksOut = transfers.flatMap((transfer, at) => (isWhole(transfer, requests.dnload) ? [{ transfer, at }] : []))
  const erases = transfers.flatMap((transfer, at) => {
    const isErase = transfer.request === requests.dnload && transfer.block === 0 && transfer.data[0] === eraseCommand
    return isErase ? [{ address: addressIn(transfer.data), ms: workAfter(transfers, at) }] : []
  })
  return {
    erases,
    programsMs: blocksOut.map(({ at }) => workAfter(transfers, at)),
    blocksOutMs: blocksOut.map(({ transfer }) => transfer.ms),
    blocksInMs: transfers.filter((transfer) => isWhole(transfer, requests.upload)).map(({ ms }) => ms),
    statusesMs: transfers.filter((transfer, at) => isIdle(transfers, transfer, at)).map(({ ms }) => ms),
  }
}

function addressIn(command: Uint8Array): number {
  return new DataView(command.buffer, command.byteOffset).getUint32(1, true)
}

/** The time of all GETSTATUS that follow at once. */
function workAfter(transfers: readonly TimedTransfer[], at: number): number {
  let ms = 0
  for (let next = at + 1; transfers[next]?.request === requests.getstatus; next += 1) ms += transfers[next]?.ms ?? 0
  return ms
}

/** Neither after a DNLOAD nor after a GETSTATUS that was: nothing is under way. */
function isIdle(transfers: readonly TimedTransfer[], { request }: TimedTransfer, at: number): boolean {
  if (request !== requests.getstatus) return false
  const before = transfers.slice(0, at).findLast((transfer) => transfer.request !== requests.getstatus)
  return before?.request !== requests.dnload
}
