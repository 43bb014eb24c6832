// The memory map that a DfuSe device writes into the name of each memory ("@Internal Flash /0x08000000/04*016Kg,..."), read
// for people. What follows no such form is shown as the device has it; nothing of a job depends on this.

export interface MemoryRegion {
  readonly start: number
  readonly sizeBytes: number
  /** In the order of their addresses. */
  readonly sectors: readonly { readonly count: number; readonly sizeBytes: number }[]
  readonly canRead: boolean
  readonly canErase: boolean
  readonly canWrite: boolean
}

export interface NamedMap {
  /** "Internal Flash" */
  readonly label: string
  readonly regions: readonly MemoryRegion[]
}

const units: Readonly<Record<string, number>> = { '': 1, ' ': 1, B: 1, K: 1024, M: 1024 * 1024 }

/** Null where the name has no map that can be read. */
export function readMemoryMap(name: string): NamedMap | null {
  const [label = '', ...parts] = name.split('/')
  if (!label.startsWith('@') || parts.length === 0 || parts.length % 2 !== 0) return null
  const regions: MemoryRegion[] = []
  for (let at = 0; at < parts.length; at += 2) {
    const found = regionsAt(Number(parts[at]), parts[at + 1] ?? '')
    if (found === null) return null
    regions.push(...found)
  }
  return { label: label.slice(1).trim(), regions }
}

/** One region for each run of sectors that allow the same. */
function regionsAt(start: number, text: string): readonly MemoryRegion[] | null {
  if (!Number.isSafeInteger(start)) return null
  const regions: MemoryRegion[] = []
  let address = start
  for (const group of text.split(',')) {
    const found = /^\s*(\d+)\*(\d+)([ BKM]?)([a-g])\s*$/.exec(group)
    if (found === null) return null
    const [, count = '', size = '', unit = '', letter = ''] = found
    const sectors = { count: Number(count), sizeBytes: Number(size) * (units[unit] ?? 1) }
    const rights = rightsOf(letter)
    const last = regions.at(-1)
    const sizeBytes = sectors.count * sectors.sizeBytes
    if (last !== undefined && allowsSame(last, rights)) {
      regions[regions.length - 1] = {
        ...last,
        sizeBytes: last.sizeBytes + sizeBytes,
        sectors: [...last.sectors, sectors],
      }
    } else regions.push({ start: address, sizeBytes, sectors: [sectors], ...rights })
    address += sizeBytes
  }
  return regions
}

type Rights = Pick<MemoryRegion, 'canRead' | 'canErase' | 'canWrite'>

/** "a" to "g": three bits, read, erase and write. */
function rightsOf(letter: string): Rights {
  const bits = letter.charCodeAt(0) - 0x60
  return { canRead: (bits & 1) !== 0, canErase: (bits & 2) !== 0, canWrite: (bits & 4) !== 0 }
}

function allowsSame(a: Rights, b: Rights): boolean {
  return a.canRead === b.canRead && a.canErase === b.canErase && a.canWrite === b.canWrite
}
