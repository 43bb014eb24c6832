// The server over real connections: several hosts at once, good ones and bad ones, on a bench whose boards come and go.
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseBench } from '../../../src/main/sim/bench-spec.ts'
import { createBench } from '../../../src/main/sim/simulated-bench.ts'
import type { SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import type { ClientNews } from '../../../src/main/sim/usbip/serve-client.ts'
import { openUsbipServer, type UsbipServer } from '../../../src/main/sim/usbip/usbip-server.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { type PortPath, parsePortPath } from '../../../src/shared/model/ids.ts'
import { connectTo, getDescriptor, type Host, importRequest, listRequest, submit } from './usbip-host.ts'

/** The server's deadlines in a fiftieth of their time: 10 s become 200 ms. */
const quickClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) }
const deviceBytes = 312
const setConfiguration = [0, 9, 1, 0, 0, 0, 0, 0]
const port = (text: string): PortPath => parsePortPath(text) as PortPath

let bus: SimulatedBus
let server: UsbipServer
let news: ClientNews[]
const hosts: Host[] = []

beforeEach(async () => {
  news = []
  bus = createBench(parseBench('boron:1,p2:1,dfu:1'), { clock: systemClock, speed: 100 })
  server = await openUsbipServer({
    ...{ bus, clock: quickClock, host: '127.0.0.1', port: 0 },
    tell: (one) => news.push(one),
  })
  await until(() => bus.devices().length === 3)
})

afterEach(async () => {
  for (const { stream } of hosts.splice(0)) stream.destroy()
  await server.close()
  await bus[Symbol.asyncDispose]()
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(2)
}

async function connected(): Promise<Host> {
  const host = await connectTo(server.port)
  hosts.push(host)
  return host
}

/** Bus IDs with their product IDs. */
async function listed(): Promise<Readonly<Record<string, number>>> {
  const host = await connected()
  host.write(listRequest)
  const head = await host.read(12)
  const found: Record<string, number> = {}
  for (let left = head.readUInt32BE(8); left > 0; left -= 1) {
    const device = await host.read(deviceBytes)
    found[device.toString('latin1', 256, 288).replaceAll('\0', '')] = device.readUInt16BE(302)
    await host.read(4 * (device[311] ?? 0))
  }
  await host.closed()
  return found
}

interface Imported extends Host {
  readonly deviceId: number
  readonly productId: number
}

/** The status when the import is refused. */
async function imported(busId: string): Promise<Imported | number> {
  const host = await connected()
  host.write(importRequest(busId))
  const status = (await host.read(8)).readUInt32BE(4)
  if (status !== 0) {
    await host.closed()
    return status
  }
  const device = await host.read(deviceBytes)
  const deviceId = device.readUInt32BE(288) * 0x10000 + device.readUInt32BE(292)
  return { ...host, deviceId, productId: device.readUInt16BE(302) }
}

async function taken(busId: string): Promise<Imported> {
  const host = await imported(busId)
  if (typeof host === 'number') throw new Error(`refused: ${host}`)
  return host
}

async function configure(host: Imported): Promise<void> {
  host.write(submit({ sequence: 1, deviceId: host.deviceId, isIn: false, setup: setConfiguration }))
  expect((await host.answer()).status).toBe(0)
}

describe('a bench on the wire', () => {
  it('lists what is free; what one host has, another neither sees nor gets', async () => {
    expect(await listed()).toEqual({ '1-1.1': 0xc00d, '1-1.2': 0xc020, '1-1.3': 0x0001 })
    const host = await taken('1-1.1')
    expect(await imported('1-1.1')).toBe(2)
    expect(await imported('1-1.9')).toBe(4)
    expect(await imported('')).toBe(4)
    expect(await listed()).toEqual({ '1-1.2': 0xc020, '1-1.3': 0x0001 })
    host.stream.destroy()
    await until(() => news.some(({ kind }) => kind === 'detached'))
    expect(Object.keys(await listedWith('1-1.1'))).toEqual(['1-1.1', '1-1.2', '1-1.3'])
  })

  it('answers the descriptors of the board that was taken', async () => {
    const host = await taken('1-1.2')
    const device = await host.controlIn(1, host.deviceId, getDescriptor(0x0100, 64))
    expect([device.length, device.readUInt16LE(8), device.readUInt16LE(10)]).toEqual([18, 0x2b04, 0xc020])
  })

  it('answers an import and the first transfers even when they come in one piece', async () => {
    const host = await connected()
    const device = bus.devices().find(({ portPath }) => portPath === '1-1.1')
    const deviceId = 0x10000 + (device?.deviceAddress ?? 0)
    const read = submit({ sequence: 7, deviceId, setup: getDescriptor(0x0100, 18), lengthBytes: 18 })
    host.write(Buffer.concat([importRequest('1-1.1'), read]))
    await host.read(8 + deviceBytes)
    expect(await host.answer()).toMatchObject({ sequence: 7, status: 0, moved: 18 })
  })
})

/** The list once the board is in it: it is free as soon as its reset is over. */
async function listedWith(busId: string): Promise<Readonly<Record<string, number>>> {
  for (;;) {
    const found = await listed()
    if (busId in found) return found
  }
}

describe('a board that leaves the bus', () => {
  it('ends the connection; after a reset the same bus ID has the product ID of the new mode', async () => {
    const host = await taken('1-1.1')
    await configure(host)
    host.write(submit({ sequence: 2, deviceId: host.deviceId, endpoint: 1, lengthBytes: 16 }))
    bus.boards()[0]?.board.holdMode()
    expect(await host.answer()).toMatchObject({ sequence: 2, status: -108 })
    await host.closed()
    await until(() => bus.devices().some(({ productId }) => productId === 0xd00d))
    expect(await listed()).toMatchObject({ '1-1.1': 0xd00d })
    const again = await taken('1-1.1')
    expect(again.productId).toBe(0xd00d)
    expect(again.deviceId).not.toBe(host.deviceId)
    expect(news.map(({ kind }) => kind)).toEqual(['attached', 'lost', 'attached'])
  })

  it('unplugged is not there; plugged in it can be taken again', async () => {
    const host = await taken('1-1.2')
    const board = bus.unplug(port('1-1.2'))
    await host.closed()
    expect(await imported('1-1.2')).toBe(4)
    if (board) bus.plug(port('1-1.2'), board)
    await until(() => bus.devices().length === 3)
    expect((await taken('1-1.2')).productId).toBe(0xc020)
  })
})

describe('a host that goes', () => {
  it('in the middle of a transfer leaves the board free, reset and without a configuration', async () => {
    const host = await taken('1-1.1')
    await configure(host)
    expect([...(await host.controlIn(2, host.deviceId, [0x80, 8, 0, 0, 0, 0, 1, 0]))]).toEqual([1])
    const request = submit({
      sequence: 3,
      deviceId: host.deviceId,
      setup: getDescriptor(0x0200, 255),
      lengthBytes: 255,
    })
    host.write(request, request.subarray(0, 20))
    host.stream.destroy()
    await listedWith('1-1.1')
    const next = await taken('1-1.1')
    expect([...(await next.controlIn(1, next.deviceId, [0x80, 8, 0, 0, 0, 0, 1, 0]))]).toEqual([0])
  })
})

describe('a port reset', () => {
  /** A plain DFU device leaves for its loader when a reset follows DFU_DETACH. */
  const detach = [0x21, 0, 0xe8, 3, 1, 0, 0, 0]

  it('that Linux shows by its first read, or Windows by a request to the hub, reaches the device', async () => {
    for (const reset of [getDescriptor(0x0100, 64), [0x23, 3, 4, 0, 0, 0, 0, 0]]) {
      const host = await taken('1-1.3')
      const { deviceId } = host
      await configure(host)
      host.write(submit({ sequence: 2, deviceId, isIn: false, setup: detach }))
      expect((await host.answer()).status).toBe(0)
      const isIn = reset[0] === 0x80
      host.write(submit({ sequence: 3, deviceId, isIn, setup: reset, lengthBytes: isIn ? 64 : 0 }))
      await host.closed()
      const board = bus.unplug(port('1-1.3'))
      if (board) bus.plug(port('1-1.3'), board)
      await until(() => bus.devices().length === 3)
    }
  })
})

describe('a bad client', () => {
  it.each([
    ['garbage', Buffer.from('GET /index.html HTTP/1.1\r\n\r\n')],
    ['another version', Buffer.from('0106800500000000', 'hex')],
    ['an operation that is none', Buffer.from('0111ffff00000000', 'hex')],
  ])('that sends %s is cut off, and told about', async (_, bytes) => {
    const host = await connected()
    host.write(bytes)
    await host.closed()
    await until(() => news.length > 0)
    expect(news).toEqual([{ kind: 'refused', client: expect.any(String), reason: expect.stringMatching(/^USB\/IP: /) }])
  })

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['half a request', importRequest('1-1.1').subarray(0, 20)],
  ])('that sends %s is cut off after ten seconds', async (_, bytes) => {
    const host = await connected()
    const startMs = performance.now()
    host.write(bytes)
    await host.closed()
    expect((performance.now() - startMs) * 50).toBeGreaterThan(9_900)
    expect(news).toMatchObject([{ kind: 'refused', reason: 'USB/IP: no request within 10000 ms' }])
  })

  it('does no harm to the host beside it, whatever it sends', async () => {
    const good = await taken('1-1.2')
    const { deviceId } = good
    let sequence = 0
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.concat([importRequest('1-1.1'), bytes])),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.concat([listRequest, bytes])),
    )
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.boolean(), async (bytes, isAbrupt) => {
        const bad = await connected()
        bad.write(bytes)
        if (isAbrupt) bad.stream.destroy()
        else bad.stream.end()
        sequence += 1
        expect(await good.controlIn(sequence, deviceId, getDescriptor(0x0100, 18))).toHaveLength(18)
        await bad.closed()
      }),
      { numRuns: 60 },
    )
    expect(await listedWith('1-1.1')).toMatchObject({ '1-1.1': 0xc00d })
  })

  it('that never reads what it asked for is cut off in the end', async () => {
    const host = await taken('1-1.1')
    host.stream.pause()
    const { deviceId } = host
    const read = (sequence: number) =>
      submit({ sequence, deviceId, setup: getDescriptor(0x0200, 255), lengthBytes: 255 })
    for (let sequence = 1; sequence <= 900; sequence += 1) host.write(read(sequence))
    await delay(50)
    bus.unplug(port('1-1.1'))
    await until(() => news.some(({ kind }) => kind === 'lost'))
    expect(Object.keys(await listed())).toEqual(['1-1.2', '1-1.3'])
  })
})

describe('closing', () => {
  it('unplugs every host and lets no other in', async () => {
    const host = await taken('1-1.1')
    const asking = await connected()
    asking.write(importRequest('1-1.2').subarray(0, 12))
    await server.close()
    await Promise.all([host.closed(), asking.closed()])
    await expect(connectTo(server.port)).rejects.toThrow('ECONNREFUSED')
    server = await openUsbipServer({ bus, clock: quickClock, host: '127.0.0.1', port: 0, tell: () => undefined })
  })
})
