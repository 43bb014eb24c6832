// The look before an erase, against a test board: what it finds, what it costs where there is nothing to find, and what
// the write after it leaves alone.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeMemory } from '../../../src/main/station/dfu/download.ts'
import { type LookReport, lookAt } from '../../../src/main/station/dfu/look.ts'
import { type MemoryMap, parseMemoryMap } from '../../../src/main/station/dfu/memory-map.ts'
import type { SessionState } from '../../../src/main/station/dfu/session-state.ts'
import { boardOf, gen2Map, newState, noise, nrfMap } from './boards.ts'
import type { DfuBoard } from './dfu-board.ts'
import { answerFrom, runMachine } from './run-machine.ts'

const page = 4096
const base = 0x30000

interface Try {
  readonly board: DfuBoard
  readonly state: SessionState
  readonly map: MemoryMap
  readonly address: number
  readonly data: Uint8Array
}

function on(held: Uint8Array, data: Uint8Array, family: SessionState['family']['name'] = 'nrf52840'): Try {
  const board = boardOf(nrfMap)
  board.memory.fill(0xff)
  board.memory.set(held)
  return { board, state: newState(family, 'idle'), map: nrfMap, address: base, data }
}

function look({ board, state, map, address, data }: Try, mayHold = true): LookReport {
  const hash = createHash('sha256')
  const hasher = { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') }
  const job = { map, alternate: 0, address, expected: data, mayHold, hasher }
  const { value, fault } = runMachine(lookAt(state, job), answerFrom(board))
  if (!value) throw fault ?? new Error('no report')
  return value
}

function write({ board, state, map, address, data }: Try, { held }: LookReport): void {
  const { fault } = runMachine(
    writeMemory(state, { map, alternate: 0, address, data, erase: true, held }),
    answerFrom(board),
  )
  if (fault) throw fault
}

function changed(data: Uint8Array, ...at: number[]): Uint8Array {
  return data.map((byte, index) => (at.includes(index) ? ~byte : byte))
}

const uploads = (board: DfuBoard) => board.log.filter(({ request }) => request === 'UPLOAD').length
const pagesOf = (addresses: readonly number[]) => addresses.map((address) => (address - base) / page)
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe('a look at a range', () => {
  const data = noise(9 * page + 100)

  it('that holds every byte reads it once, and its hash is that of the file', () => {
    const here = on(data, data)
    expect(look(here)).toMatchObject({ sha256: sha256(data), bytesRead: data.length })
    expect(uploads(here.board)).toBe(10)
  })

  it('finds the one sector with another byte; only that one is erased and written', () => {
    const here = on(changed(data, 3 * page + 17), data)
    const found = look(here)
    expect(found.sha256).toBeNull()
    write(here, found)
    expect(pagesOf(here.board.erasedAt)).toEqual([3])
    expect(here.board.written.map(({ data: bytes }) => bytes.length)).toEqual([page])
    expect(here.board.memory.subarray(0, data.length)).toEqual(data)
  })

  it('of a half-written firmware spares what was written, and the erase of what was erased', () => {
    const here = on(data.subarray(0, 5 * page), data)
    write(here, look(here))
    expect(here.board.erasedAt).toEqual([])
    expect(here.board.written[0]?.address).toBe(base + 5 * page)
    expect(here.board.memory.subarray(0, data.length)).toEqual(data)
  })

  it('that holds another firmware ends after four sectors and one from the end', () => {
    const here = on(noise(16 * page, 99), data)
    expect(look(here)).toMatchObject({ sha256: null, bytesRead: 4 * page + 100 })
    expect(uploads(here.board)).toBe(5)
  })

  it('that is known to hold another looks at its end alone, and spares the erase of what is blank there', () => {
    const here = on(noise(6 * page + 1, 99), data)
    const found = look(here, false)
    expect([found.held.size, uploads(here.board)]).toEqual([0, 4])
    write(here, found)
    expect(pagesOf(here.board.erasedAt)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(here.board.memory.subarray(0, data.length)).toEqual(data)
  })

  it('sends nothing where it cannot pay: known to be another on RTL, which skips blank sectors itself', () => {
    const here = on(noise(2 * page, 99), data, 'rtl872x')
    expect(look(here, false)).toEqual({ held: new Set(), bytesRead: 0, sha256: null })
    expect(here.board.log).toEqual([])
  })

  it('sends nothing to a device of unknown family', () => {
    const here = on(data, data, 'generic')
    look(here)
    expect(here.board.log).toEqual([])
  })

  it('does not go on through blank sectors on RTL', () => {
    const here = on(new Uint8Array(0), data, 'rtl872x')
    look(here)
    expect(uploads(here.board)).toBe(5)
  })

  it('reads a large sector only as far as it takes', () => {
    const map = gen2Map
    const file = noise(300_000)
    const board = boardOf(map, { work: 'early' })
    board.memory.fill(0xff)
    board.memory.set(changed(file, 5 * page), 0)
    const here: Try = { board, state: newState('stm32f2', 'idle'), map, address: 0x08020000, data: file }
    const found = look(here)
    expect(found.held).toEqual(new Set([0x08040000, 0x08060000]))
    // Six up to the difference, one that was asked for behind it in vain, and the other sectors.
    expect(uploads(board)).toBe(6 + 1 + Math.ceil(300_000 / page) - 32)
    write(here, found)
    expect(board.erasedAt).toEqual([0x08020000])
    expect(board.memory.subarray(0, file.length)).toEqual(file)
  })

  it('whose blocks lie across the sectors judges each sector by its own bytes', () => {
    const file = noise(3 * page)
    const here = { ...on(new Uint8Array(0), file, 'rtl872x'), address: base + page - 112 }
    here.board.memory.set(changed(file, 200), page - 112)
    const found = look(here)
    expect(pagesOf([...found.held])).toEqual([0, 2, 3])
    write(here, found)
    expect(pagesOf(here.board.erasedAt)).toEqual([1])
    expect(here.board.memory.subarray(page - 112, 4 * page - 112)).toEqual(file)
  })
})

describe('what a look has found', () => {
  it('is not lost to a neighbour in the same sector: an erase of it is refused', () => {
    const first = noise(1000)
    const here = on(first, first)
    look(here)
    const neighbour = { ...here, address: base + 1000, data: noise(500, 8) }
    expect(() => write(neighbour, { held: new Set(), bytesRead: 0, sha256: null })).toThrow(/would lose bytes/)
    expect(here.board.erasedAt).toEqual([])
  })

  it('spares a neighbour no erase: of the rest of the sector nothing was read', () => {
    const here = on(new Uint8Array(page).fill(0xff).fill(7, 2000), noise(1000))
    write(here, look(here))
    expect(here.board.erasedAt).toEqual([])
    const neighbour = { ...here, address: base + 2000, data: noise(100, 8) }
    expect(() => write(neighbour, { held: new Set(), bytesRead: 0, sha256: null })).toThrow(/would lose bytes/)
  })

  it('is written all the same where the bootloader will erase it by itself', () => {
    const map = parseMemoryMap('@Internal Flash   /0x000b4000/64*004Kg')
    const file = noise(40 * page)
    const board = boardOf(map)
    board.memory.set(changed(file, 10))
    const here: Try = { board, state: newState('nrf52840', 'idle'), map, address: 0xb4000, data: file }
    write(here, look(here))
    expect(board.erasedAt).toEqual([0xb4000, 0xd4000])
    expect(board.written.map(({ address }) => address)).toEqual([0xb4000, 0xd4000])
  })
})

it('whatever a range holds, the write after a look leaves the file there, and every other byte of a kept sector', () => {
  const patches = fc.array(fc.record({ at: fc.nat(16 * page - 1), byte: fc.nat(255) }), { maxLength: 6 })
  const blanks = fc.array(fc.nat(15), { maxLength: 6 })
  const property = fc.property(
    fc.record({
      family: fc.constantFrom('nrf52840' as const, 'rtl872x' as const, 'generic' as const),
      offset: fc.nat(2 * page),
      sizeBytes: fc.integer({ min: 1, max: 13 * page }),
      isOther: fc.boolean(),
      mayHold: fc.boolean(),
      patches,
      blanks,
    }),
    ({ family, offset, sizeBytes, isOther, mayHold, ...dirt }) => {
      const data = noise(sizeBytes)
      const board = boardOf(nrfMap)
      board.memory.set(noise(board.memory.length, 5))
      if (!isOther) board.memory.set(data, offset)
      for (const { at, byte } of dirt.patches) board.memory[at] = byte
      for (const sector of dirt.blanks) board.memory.fill(0xff, sector * page, (sector + 1) * page)
      const before = board.memory.slice()
      const here: Try = { board, state: newState(family, 'idle'), map: nrfMap, address: base + offset, data }
      const found = look(here, mayHold)
      expect(board.memory).toEqual(before)
      const isEqual = Buffer.compare(before.subarray(offset, offset + sizeBytes), data) === 0
      expect(found.sha256 === null || (isEqual && found.sha256 === sha256(data))).toBe(true)
      if (isEqual && mayHold && family !== 'generic') expect(found.sha256).not.toBeNull()
      write(here, found)
      expect(board.memory.subarray(offset, offset + sizeBytes)).toEqual(data)
      const erased = new Set(pagesOf(board.erasedAt))
      const isKept = (at: number) => (at < offset || at >= offset + sizeBytes) && !erased.has(Math.floor(at / page))
      expect(board.memory.every((byte, at) => !isKept(at) || byte === before[at])).toBe(true)
      for (const address of found.held) expect(board.erasedAt).not.toContain(address)
    },
  )
  fc.assert(property, { numRuns: 150 })
})
