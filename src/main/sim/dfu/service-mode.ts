// Rules of service mode (protection overridden for a while), nRF and RTL: erase inside the system part is accepted and
// does nothing, a page-aligned write there erases by itself, the first chunk must carry a module header of 6.0.0 or
// newer, and the OTA area is closed. Wraps a memory; open boards never see it.
import type { PlatformLayout } from '../layouts.ts'
import type { Protection } from './dfu-face.ts'
import type { DfuMemory, MemoryWork } from './dfu-memory.ts'

interface ServiceMap {
  readonly system: readonly [from: number, to: number]
  /** Addresses where the chunk with the header begins, and how far inside it the header lies. */
  readonly headers: ReadonlyMap<number, number>
  readonly ota: readonly [from: number, to: number]
}

const pageSizeBytes = 4096
const headerSizeBytes = 24
const oldestVersion = 6000
const nrfHeaderOffset = 0x200

const serviceMaps: Readonly<Record<string, ServiceMap>> = {
  'nrf52 internal': {
    system: [0x28000, 0xb4000],
    headers: new Map([0x28000, 0x30000].map((start) => [start, nrfHeaderOffset])),
    ota: [0, 0],
  },
  'nrf52 external': { system: [0, 0], headers: new Map(), ota: [0x8024c000, 0x802e0000] },
  'nrf52 external of 8 MB': { system: [0, 0], headers: new Map(), ota: [0x80689000, 0x80800000] },
  'rtl872x internal': {
    system: [0x08060000, 0x081e0000],
    headers: new Map([[0x08060000, 0]]),
    ota: [0x08300000, 0x08480000],
  },
}

interface ServiceOptions {
  readonly layout: PlatformLayout
  readonly memory: 'internal' | 'external' | 'dct'
  readonly protection: () => Protection
}

export function withServiceMode(inner: DfuMemory, options: ServiceOptions): DfuMemory {
  const map = serviceMapOf(options)
  if (!map) return inner
  const isService = () => options.protection() === 'service'
  const isIn = (range: readonly [number, number], address: number) => address >= range[0] && address < range[1]
  const isClosed = (address: number) => isService() && isIn(map.ota, address)
  const isSystem = (address: number) => isService() && isIn(map.system, address)
  let isRefusing = false
  return {
    pollTimeoutMs: inner.pollTimeoutMs,
    read: (address, sizeBytes) => (isClosed(address) ? null : inner.read(address, sizeBytes)),
    erase: (address) => {
      if (isClosed(address)) return null
      return isSystem(address) ? nothingToDo : inner.erase(address)
    },
    write: (address, data) => {
      if (isClosed(address)) return null
      if (!isSystem(address)) return inner.write(address, data)
      const headerAt = map.headers.get(address)
      if (headerAt !== undefined) isRefusing = !isNewEnough(data, headerAt)
      return isRefusing ? null : erasingWrite(inner, address, data)
    },
  }
}

/** Gen 2 has no such mode: nothing is found for it. */
function serviceMapOf({ layout, memory }: ServiceOptions): ServiceMap | undefined {
  const isLarge = memory === 'external' && layout.external?.sectors[0]?.count === 2048
  return serviceMaps[`${layout.family} ${memory}${isLarge ? ' of 8 MB' : ''}`]
}

const nothingToDo: MemoryWork = { kind: 'other', durationMs: 0, holds: true, apply: () => {}, interrupt: () => {} }

function isNewEnough(data: Uint8Array, headerAt: number): boolean {
  if (data.length < headerAt + headerSizeBytes) return false
  return new DataView(data.buffer, data.byteOffset).getUint16(headerAt + 10, true) >= oldestVersion
}

function erasingWrite(inner: DfuMemory, address: number, data: Uint8Array): MemoryWork | null {
  const write = inner.write(address, data)
  if (!write || address % pageSizeBytes !== 0) return write
  const pages = Array.from({ length: Math.ceil(data.length / pageSizeBytes) }, (_, n) => address + n * pageSizeBytes)
  const erases = pages.map((page) => inner.erase(page))
  if (erases.some((erase) => erase === null)) return null
  return {
    ...write,
    durationMs: erases.reduce((sum, erase) => sum + (erase?.durationMs ?? 0), write.durationMs),
    apply: () => {
      for (const erase of erases) erase?.apply()
      write.apply()
    },
  }
}
