// The floor: the very transfers that the job needs by the standard, one after the other through libusb from Node, with
// nothing around them: no states, no deadlines, no checks but the last. What the engine costs on top is our own share.
import { performance } from 'node:perf_hooks'
import { usb } from 'usb'
import { boron, type DfuClient } from './dfu-client.ts'
import type { RawRates } from './peer-act.ts'

type Device = ReturnType<typeof usb.getDeviceList>[number]

const requests = { download: 1, upload: 2, status: 3, clear: 4, abort: 6 } as const
const out = 0x21
const into = 0xa1
const setAddress = 0x21
const erase = 0x41
const firstBlock = 2
const statusBytes = 6
const states = { idle: 2, downloadIdle: 5, error: 10 } as const
const setupBytes = 8
const none = new Uint8Array()

const looks = 500
const blocks = 100
const readsAtOnce = 4

/** The two ways to send what belongs together: each transfer when the one before has ended, or all at once. */
type Together = (sends: readonly (() => Promise<Buffer>)[]) => Promise<Buffer>

const oneByOne: Together = async (sends) => {
  let last: Buffer = Buffer.alloc(0)
  for (const send of sends) last = await send()
  return last
}

/** The controller carries queued transfers out in their order, and a busy board answers none before it is done. */
const queued: Together = async (sends) => (await Promise.all(sends.map((send) => send()))).at(-1) ?? Buffer.alloc(0)

interface Bare {
  readonly device: Device
  readonly together: Together
  /** Gives the whole buffer, set-up packet in front. */
  send(requestType: number, request: number, what: Content): Promise<Buffer>
}

interface Content {
  readonly value: number
  readonly data: Uint8Array
}

function bareOf(device: Device, together: Together): Bare {
  return {
    device,
    together,
    send: (requestType, request, { value, data }) => {
      const buffer = Buffer.alloc(setupBytes + data.length)
      buffer.writeUInt8(requestType, 0)
      buffer.writeUInt8(request, 1)
      buffer.writeUInt16LE(value, 2)
      buffer.writeUInt16LE(data.length, 6)
      if (requestType === out) buffer.set(data, setupBytes)
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      const transfer = new usb.Transfer(device, 0, usb.LIBUSB_TRANSFER_TYPE_CONTROL, 0, (error) =>
        error ? reject(error) : resolve(buffer),
      )
      transfer.submit(buffer)
      return promise
    },
  }
}

const room = (sizeBytes: number) => ({ value: 0, data: new Uint8Array(sizeBytes) })
const status = (bare: Bare) => bare.send(into, requests.status, room(statusBytes))
const stateOf = (answer: Buffer) => answer[setupBytes + 4]

/** DNLOAD, the status that starts the work, the status that ends it. */
function written(bare: Bare, value: number, data: Uint8Array): Promise<Buffer> {
  const block = () => bare.send(out, requests.download, { value, data })
  return bare.together([block, () => status(bare), () => status(bare)])
}

async function command(bare: Bare, word: number, address: number): Promise<void> {
  const data = Buffer.alloc(5)
  data.writeUInt8(word, 0)
  data.writeUInt32LE(address, 1)
  await written(bare, 0, data)
}

export function bareClient(isQueued: boolean): DfuClient & { rates(): Promise<RawRates> } {
  let bare: Bare | undefined
  const opened = () => {
    if (!bare) throw new Error('bare: no board is open')
    return bare
  }
  return {
    open: async () => {
      const device = usb.getDeviceList().find(({ deviceDescriptor }) => deviceDescriptor.idProduct === boron.productId)
      if (!device) throw new Error('bare: no board on the bus')
      device.open()
      device.interface(0).claim()
      bare = bareOf(device, isQueued ? queued : oneByOne)
      const isInError = stateOf(await status(bare)) === states.error
      await bare.send(out, isInError ? requests.clear : requests.abort, { value: 0, data: none })
    },
    download: (data) => download(opened(), data),
    readBack: (sizeBytes) => readBack(opened(), sizeBytes),
    close: async () => {
      const { device } = opened()
      await device.interface(0).releaseAsync()
      device.close()
    },
    rates: () => measureRates(opened()),
  }
}

async function download(bare: Bare, data: Uint8Array): Promise<void> {
  const { address, pageBytes } = boron
  for (let at = 0; at < data.length; at += pageBytes) await command(bare, erase, address + at)
  await command(bare, setAddress, address)
  let last: Buffer = Buffer.alloc(0)
  for (let at = 0, block = firstBlock; at < data.length; at += pageBytes, block += 1) {
    last = await written(bare, block, data.subarray(at, at + pageBytes))
  }
  if (stateOf(last) !== states.downloadIdle) throw new Error(`bare: the board ended in state ${stateOf(last)}`)
}

async function readBack(bare: Bare, sizeBytes: number): Promise<Uint8Array> {
  await command(bare, setAddress, boron.address)
  await bare.send(out, requests.abort, { value: 0, data: none })
  const bytes = new Uint8Array(sizeBytes)
  const reads = Array.from({ length: Math.ceil(sizeBytes / boron.pageBytes) }, (_, n) => async () => {
    const at = n * boron.pageBytes
    const data = new Uint8Array(Math.min(boron.pageBytes, sizeBytes - at))
    const answer = await bare.send(into, requests.upload, { value: firstBlock + n, data })
    bytes.set(answer.subarray(setupBytes), at)
    return answer
  })
  for (let n = 0; n < reads.length; n += readsAtOnce) await bare.together(reads.slice(n, n + readsAtOnce))
  return bytes
}

async function measureRates(bare: Bare): Promise<RawRates> {
  const started = performance.now()
  for (let n = 0; n < looks; n += 1) await status(bare)
  const statusMs = performance.now() - started
  await command(bare, setAddress, boron.address)
  let writeMs = 0
  for (let n = 0; n < blocks; n += 1) {
    // A block must be followed by its two statuses; only the block counts here.
    const before = performance.now()
    await bare.send(out, requests.download, { value: firstBlock + n, data: new Uint8Array(boron.pageBytes) })
    writeMs += performance.now() - before
    await status(bare)
    await status(bare)
  }
  await bare.send(out, requests.abort, { value: 0, data: none })
  const read = performance.now()
  for (let n = 0; n < blocks; n += 1) {
    await bare.send(into, requests.upload, { value: firstBlock + n, data: new Uint8Array(boron.pageBytes) })
  }
  const perSecond = (count: number, ms: number) => (count / ms) * 1000
  return {
    rates: {
      status: perSecond(looks, statusMs),
      write: perSecond(blocks, writeMs),
      read: perSecond(blocks, performance.now() - read),
    },
  }
}
