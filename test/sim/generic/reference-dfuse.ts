// The DfuSe half of the reference host: memory maps, erase, write and read by address.
import { limits } from '../dfu-host.ts'
import { abort, dnload, type Link, out, read, status, upload } from './reference-host.ts'

export interface Sector {
  readonly address: number
  readonly sizeBytes: number
}

const units: Readonly<Record<string, number>> = { ' ': 1, B: 1, K: 1024, M: 1024 * 1024 }
/** GD32: the third letter of its serial number tells its size in pages of 1 KB. */
const gd32Pages: Readonly<Record<string, number>> = { '4': 16, '6': 32, '8': 64, B: 128, D: 256 }

async function stringBytes({ usb }: Link, index: number): Promise<Buffer> {
  const setup = { requestType: 0x80, request: 6, value: 0x300 | index, index: 0x409 }
  return Buffer.from(await usb.controlIn(setup, 255, limits)).subarray(2)
}

export async function sectorsOf(link: Link, memory: number): Promise<readonly Sector[]> {
  if (link.quirks.has('gd32') && memory === 0) {
    const serial = (await stringBytes(link, link.usb.serialNumberIndex)).toString('latin1')
    return runs(0x08000000, [[gd32Pages[serial[2] ?? ''] ?? 0, 1024]])
  }
  const text = (await stringBytes(link, link.facts.names[memory] ?? 0)).toString('utf16le')
  const [, base = '', list = ''] = text.split('/')
  return runs(
    Number(base),
    list.split(',').map((run) => runOf(run, link)),
  )
}

function runOf(run: string, { quirks }: Link): readonly [number, number] {
  const match = /^(\d+)\*(\d+)([ BKM]?)([a-g])$/.exec(run)
  if (!match || (match[3] === '' && !quirks.has('absent-sector-size'))) throw new Error(`no memory map: ${run}`)
  return [Number(match[1]), Number(match[2]) * (units[match[3] || 'B'] ?? 1)]
}

function runs(base: number, list: readonly (readonly [number, number])[]): readonly Sector[] {
  const sectors: Sector[] = []
  let address = base
  for (const [count, sizeBytes] of list) {
    for (let n = 0; n < count; n += 1, address += sizeBytes) sectors.push({ address, sizeBytes })
  }
  return sectors
}

const addressed = (command: number, address: number) => {
  const data = Buffer.from([command, 0, 0, 0, 0])
  data.writeUInt32LE(address, 1)
  return data
}

/** Sends it, has it carried out, and learns how it went. */
async function done(link: Link, block: number, data: Uint8Array): Promise<void> {
  await out(link, [dnload, block], data)
  const first = await status(link)
  await link.bench.clock.sleep(first.pollMs)
  const last = await status(link)
  if (last.status !== 0 || last.state !== 5) throw new Error(`status ${last.status}, state ${last.state}`)
}

interface Writing {
  readonly address: number
  readonly bytes: Uint8Array
  readonly sectors: readonly Sector[]
}

/** Erases what the bytes touch and writes them; none: the address is set and no more. */
export async function writeSt(link: Link, { address, bytes, sectors }: Writing): Promise<void> {
  const end = address + bytes.length
  for (const sector of sectors) {
    if (sector.address < end && sector.address + sector.sizeBytes > address) {
      await done(link, 0, addressed(0x41, sector.address))
    }
  }
  await done(link, 0, addressed(0x21, address))
  const { transferBytes } = link.facts
  for (let at = 0; at < bytes.length; at += transferBytes) {
    await done(link, 2 + at / transferBytes, bytes.subarray(at, at + transferBytes))
  }
}

export async function readBackSt(link: Link, address: number, sizeBytes: number): Promise<Buffer> {
  await done(link, 0, addressed(0x21, address))
  await out(link, [abort, 0])
  const { transferBytes } = link.facts
  const blocks: Uint8Array[] = []
  for (let at = 0; at < sizeBytes; at += transferBytes) {
    blocks.push(await read(link, [upload, 2 + at / transferBytes], Math.min(transferBytes, sizeBytes - at)))
  }
  await out(link, [abort, 0])
  return Buffer.concat(blocks)
}
