// The machines against a test board, and their properties (every device behaviour must end them).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eraseMemory, writeMemory } from '../../../src/main/station/dfu/download.ts'
import { leaveDfu } from '../../../src/main/station/dfu/leave.ts'
import type { Dfu, DfuAsk, DfuReply } from '../../../src/main/station/dfu/machine.ts'
import { type MemoryMap, parseMemoryMap } from '../../../src/main/station/dfu/memory-map.ts'
import { compareMemory, type Hasher } from '../../../src/main/station/dfu/upload.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { boardOf, gen2Map, newState, noise, nrfMap, sectorsOf } from './boards.ts'
import type { BoardLog, DfuBoard } from './dfu-board.ts'
import { answerFrom, runMachine } from './run-machine.ts'

function hasher(): Hasher & { seen: Uint8Array[] } {
  const seen: Uint8Array[] = []
  return { seen, update: (bytes) => void seen.push(bytes.slice()), digest: () => `digest of ${seen.length}` }
}

const write = (map: MemoryMap, address: number, data: Uint8Array) => ({
  map,
  alternate: 0,
  address,
  data,
  erase: true,
})
const unerased = (map: MemoryMap, address: number, data: Uint8Array) => ({ ...write(map, address, data), erase: false })

function transfers(board: DfuBoard): BoardLog[] {
  return board.log.filter((entry) => entry.request !== 'SELECT')
}

describe('a write', () => {
  it('needs six transfers for 4 KiB with erase, besides three for the address', () => {
    const board = boardOf(nrfMap)
    const data = noise(16 * 4096)
    const run = runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, data)), answerFrom(board))
    expect(run.value).toEqual({ writtenBytes: 65536, erasedBytes: 65536, erasedSectors: 16 })
    expect(transfers(board)).toHaveLength(16 * 6 + 3)
    expect(board.memory).toEqual(data)
  })

  it('sets the address once and counts blocks 2, 3, 4; only the last is short', () => {
    const board = boardOf(nrfMap)
    runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30010, noise(9000))), answerFrom(board))
    const blocks = board.log
      .filter((entry) => entry.request === 'DNLOAD')
      .map((entry) => [entry.block, entry.sizeBytes])
    expect(blocks).toEqual([
      [0, 5],
      [0, 5],
      [0, 5],
      [0, 5],
      [2, 4096],
      [3, 4096],
      [4, 808],
    ])
  })

  it('erases a sector that two modules share once, and keeps what the first one wrote', () => {
    const board = boardOf(gen2Map, { work: 'early' })
    const state = newState('stm32f2', 'idle')
    const first = noise(1000)
    const second = noise(200_000, 7)
    runMachine(writeMemory(state, write(gen2Map, 0x08020000, first)), answerFrom(board))
    const run = runMachine(writeMemory(state, write(gen2Map, 0x08021000, second)), answerFrom(board))
    expect(run.value?.erasedSectors).toBe(1)
    expect(board.erasedAt).toEqual([0x08020000, 0x08040000])
    expect(board.memory.subarray(0, 1000)).toEqual(first)
    expect(board.memory.subarray(0x1000, 0x1000 + second.length)).toEqual(second)
  })

  it('erases again before the same bytes are written a second time', () => {
    const board = boardOf(nrfMap)
    const state = newState('nrf52840', 'idle')
    for (const seed of [1, 2]) {
      runMachine(writeMemory(state, write(nrfMap, 0x30000, noise(5000, seed))), answerFrom(board))
    }
    expect(board.erasedAt).toEqual([0x30000, 0x31000, 0x30000, 0x31000])
    expect(board.memory.subarray(0, 5000)).toEqual(noise(5000, 2))
  })

  it('refuses an erase that would lose what was written before in the same visit', () => {
    const board = boardOf(nrfMap)
    const state = newState('nrf52840', 'idle')
    runMachine(writeMemory(state, write(nrfMap, 0x30000, noise(100))), answerFrom(board))
    runMachine(writeMemory(state, write(nrfMap, 0x30100, noise(100))), answerFrom(board))
    const before = board.log.length
    const run = runMachine(writeMemory(state, write(nrfMap, 0x30100, noise(100))), answerFrom(board))
    expect(run.fault?.code).toBe('DFU_ADDRESS_FORBIDDEN')
    expect(board.log).toHaveLength(before)
  })

  it('does not erase memory that was read and found blank', () => {
    const board = boardOf(nrfMap)
    board.memory.fill(0xff)
    board.memory[0x2fff] = 0
    const state = newState('nrf52840', 'idle')
    const data = noise(4 * 4096)
    const compare = { map: nrfMap, alternate: 0, address: 0x30000, expected: data, hasher: hasher(), stopEarly: false }
    runMachine(compareMemory(state, compare), answerFrom(board))
    const run = runMachine(writeMemory(state, write(nrfMap, 0x30000, data)), answerFrom(board))
    expect([run.value?.erasedSectors, board.erasedAt]).toEqual([1, [0x32000]])
    expect(board.memory.subarray(0, data.length)).toEqual(data)
  })

  it('erases a sector of which only a part was read, however blank that part is', () => {
    const board = boardOf(nrfMap)
    board.memory.fill(0xff)
    board.memory[0] = 0
    const state = newState('nrf52840', 'idle')
    const data = noise(4096 + 100)
    const compare = { map: nrfMap, alternate: 0, address: 0x30010, expected: data, hasher: hasher(), stopEarly: false }
    runMachine(compareMemory(state, compare), answerFrom(board))
    runMachine(writeMemory(state, write(nrfMap, 0x30010, data)), answerFrom(board))
    expect(board.erasedAt).toEqual([0x30000, 0x31000])
  })

  it('of nothing sends nothing: a download of no bytes would be a leave', () => {
    const board = boardOf(nrfMap)
    const run = runMachine(
      writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, new Uint8Array(0))),
      answerFrom(board),
    )
    expect([run.value?.writtenBytes, board.log]).toEqual([0, []])
  })

  it('into memory that cannot be erased goes without an erase', () => {
    const dct = parseMemoryMap('@DCT Flash   /0x00000000/1*016Ke')
    const board = boardOf(dct)
    board.memory.fill(0xff)
    const job = { ...write(dct, 1753, Uint8Array.of(0xa5)), alternate: 1 }
    const run = runMachine(writeMemory(newState('nrf52840', 'idle'), job), answerFrom(board))
    expect([run.fault, board.alternate]).toEqual([null, 1])
    expect([board.erasedAt, board.memory[1753]]).toEqual([[], 0xa5])
  })

  it('sets the address again when block numbers run out', () => {
    const map = parseMemoryMap('@Tiny blocks /0x0/40*004Kg')
    const board = boardOf(map, { blockBytes: 2 })
    board.memory.fill(0xff)
    const state = { ...newState('generic', 'idle'), blockBytes: 2 }
    const data = noise(65534 * 2 + 6)
    const run = runMachine(writeMemory(state, unerased(map, 0, data)), answerFrom(board))
    expect(run.fault).toBeNull()
    const last = board.log.filter((entry) => entry.request === 'DNLOAD').slice(-5)
    expect(last.map((entry) => entry.block)).toEqual([0xffff, 0, 2, 3, 4])
    expect(board.memory.subarray(0, data.length)).toEqual(data)
  })
})

describe('memory the host must protect', () => {
  const nrfWhole = parseMemoryMap('@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka')
  const rtl = parseMemoryMap('@Internal Flash   /0x08000000/2048*004Kg')
  const gen2 = parseMemoryMap('@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg')

  it.each([
    ['nrf52840', nrfWhole, 0xf3fff, 2, 'bootloader'],
    ['nrf52840', nrfWhole, 0x27800, 4, 'MBR parameters'],
    ['nrf52840', nrfWhole, 0x0, 4, 'allows no write'],
    ['rtl872x', rtl, 0x08014000, 4096, 'boot parts'],
    ['stm32f2', gen2, 0x0800c000, 4, 'bootloader and DCT'],
  ] as const)('of %s is refused before a byte is sent', (...[family, map, address, sizeBytes, why]) => {
    const asked: DfuAsk[] = []
    const run = runMachine(writeMemory(newState(family), write(map, address, noise(sizeBytes))), (ask) => {
      asked.push(ask)
      return { kind: 'done' }
    })
    expect(run.fault?.code).toBe('DFU_ADDRESS_FORBIDDEN')
    expect(run.fault?.detail).toContain(why)
    expect(asked).toEqual([])
  })

  it('counts whole sectors when they will be erased', () => {
    const run = runMachine(
      eraseMemory(newState('stm32f2'), { map: gen2, alternate: 0, address: 0x0801ffff, sizeBytes: 2 }),
      () => ({ kind: 'done' }),
    )
    expect(run.fault?.detail).toContain('0x08010000..0x08040000 would touch bootloader')
  })

  it('is not touched on a locked board, and the fault says why', () => {
    const locked = parseMemoryMap('@Internal Flash   /0x08000000/2048*004Kb')
    const run = runMachine(writeMemory(newState('rtl872x'), write(locked, 0x08060000, noise(4))), () => ({
      kind: 'done',
    }))
    expect([run.fault?.code, run.asks]).toEqual(['DEVICE_PROTECTED', []])
  })
})

describe('a failing write', () => {
  const failAt = (board: DfuBoard, block: number, status: number) => {
    board.failWork = (work) => (work.block === block ? status : null)
    return board
  }
  const runOn = (board: DfuBoard, family: 'nrf52840' | 'stm32f2') => {
    const map = family === 'nrf52840' ? nrfMap : gen2Map
    const address = map.segments[0]?.startAddress ?? 0
    return runMachine(writeMemory(newState(family, 'idle'), write(map, address, noise(20_000))), answerFrom(board))
  }

  it('behind a stall is DFU_WRITE_FAILED with the block that failed', () => {
    const board = failAt(boardOf(nrfMap), 4, 0x0e)
    const { fault } = runOn(board, 'nrf52840')
    expect(fault?.code).toBe('DFU_WRITE_FAILED')
    expect(fault?.detail).toMatch(/^write of 4096 bytes at 0x00032000 \(block 4\): stalled, then dfuERROR, err/)
  })

  it('is found on Gen 2 too, where the status behind the stall says OK', () => {
    const board = failAt(boardOf(gen2Map, { work: 'early' }), 3, 0x0e)
    const { fault } = runOn(board, 'stm32f2')
    expect([fault?.code, fault?.detail]).toEqual([
      'DFU_WRITE_FAILED',
      'write of 4096 bytes at 0x08021000 (block 3): stalled, then dfuDNLOAD-IDLE, OK',
    ])
  })

  it.each([
    [0x01, 'DFU_REJECTED_FILE'],
    [0x03, 'DFU_WRITE_FAILED'],
    [0x07, 'DFU_VERIFY_FAILED'],
    [0x08, 'DFU_REJECTED_FILE'],
    [0x0b, 'DEVICE_PROTECTED'],
    [99, 'DFU_WRITE_FAILED'],
  ])('with status %i is %s', (status, code) => {
    const board = failAt(boardOf(nrfMap), 2, status)
    expect(runOn(board, 'nrf52840').fault?.code).toBe(code)
  })

  it('of a protected board without a stall is DEVICE_PROTECTED', () => {
    const board = boardOf(nrfMap, { locked: true })
    expect(runOn(board, 'nrf52840').fault?.code).toBe('DEVICE_PROTECTED')
  })

  it('of a board that stays busy ends by its deadline', () => {
    const board = boardOf(nrfMap, { busyPolls: Number.POSITIVE_INFINITY })
    const run = runOn(board, 'nrf52840')
    expect(run.fault?.code).toBe('DFU_STUCK_BUSY')
    expect(run.elapsedMs).toBeLessThan(6_000)
  })

  it('ends by its deadline when the board asks for four hours of patience', () => {
    const board = boardOf(nrfMap, { busyPolls: Number.POSITIVE_INFINITY, pollTimeoutMs: 0xffffff })
    const run = runOn(board, 'nrf52840')
    expect(run.fault?.code).toBe('DFU_STUCK_BUSY')
    expect(run.elapsedMs).toBeLessThan(6_000)
  })

  it('that is silent is DFU_STUCK_BUSY, and one that is unplugged is USB_GONE', () => {
    for (const [usb, code] of [
      ['USB_TIMEOUT', 'DFU_STUCK_BUSY'],
      ['USB_GONE', 'USB_GONE'],
    ] as const) {
      const board = boardOf(nrfMap)
      const run = runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, noise(10))), (ask) =>
        ask.kind === 'status' ? { kind: 'lost', fault: new Fault(usb, 'test') } : answerFrom(board)(ask),
      )
      expect(run.fault?.code).toBe(code)
    }
  })
})

describe('a busy board', () => {
  it('is given the time it asks for', () => {
    const board = boardOf(nrfMap, { busyPolls: 2, pollTimeoutMs: 50 })
    const run = runMachine(
      writeMemory(newState('nrf52840', 'idle'), unerased(nrfMap, 0x30000, noise(10))),
      answerFrom(board),
    )
    const waits = run.asks.filter((ask) => ask.kind === 'wait').map((ask) => ask.ms)
    expect(waits).toEqual([50, 50, 50, 50])
  })

  it('that names no time is asked at once on Particle boards, after a pause on others', () => {
    const waitsOf = (family: 'nrf52840' | 'generic') =>
      runMachine(
        writeMemory(newState(family, 'idle'), unerased(nrfMap, 0x30000, noise(10))),
        answerFrom(boardOf(nrfMap)),
      ).asks.filter((ask) => ask.kind === 'wait').length
    expect([waitsOf('nrf52840'), waitsOf('generic')]).toEqual([0, 2])
  })
})

describe('a read-back', () => {
  const compareJob = (expected: Uint8Array, stopEarly = false) => ({
    map: nrfMap,
    alternate: 0,
    address: 0x30000,
    expected,
    hasher: hasher(),
    stopEarly,
  })

  it('costs one transfer a block after the address is set', () => {
    const board = boardOf(nrfMap)
    const data = noise(16 * 4096 - 100)
    board.memory.set(data)
    const job = compareJob(data)
    const run = runMachine(compareMemory(newState('nrf52840', 'idle'), job), answerFrom(board))
    expect(run.value).toMatchObject({ equal: true, firstDifference: null, bytesRead: data.length })
    expect(transfers(board).map((entry) => entry.request)).toEqual([
      'DNLOAD',
      'GETSTATUS',
      'GETSTATUS',
      'ABORT',
      ...Array<string>(16).fill('UPLOAD'),
    ])
    expect(Buffer.concat(job.hasher.seen)).toEqual(Buffer.from(data))
  })

  it('names the first byte that differs and still reads everything', () => {
    const board = boardOf(nrfMap)
    const data = noise(20_000)
    board.memory.set(data)
    board.memory[9000] = (board.memory[9000] ?? 0) ^ 1
    board.memory[15_000] = (board.memory[15_000] ?? 0) ^ 1
    const run = runMachine(compareMemory(newState('nrf52840', 'idle'), compareJob(data)), answerFrom(board))
    expect(run.value).toEqual({
      equal: false,
      firstDifference: 0x30000 + 9000,
      bytesRead: 20_000,
      sha256: 'digest of 5',
    })
  })

  it('stops early at other contents but reads on through blank memory', () => {
    const board = boardOf(nrfMap)
    board.memory.fill(0xff)
    board.memory[8192] = 1
    const run = runMachine(
      compareMemory(newState('nrf52840', 'idle'), compareJob(noise(40_000), true)),
      answerFrom(board),
    )
    expect(run.value).toEqual({ equal: false, firstDifference: 0x30000, bytesRead: 12_288, sha256: null })
  })

  it('of a protected board is DEVICE_PROTECTED, never a pass', () => {
    const board = boardOf(nrfMap)
    board.sabotage = (entry) => (entry.request === 'UPLOAD' ? { data: new Uint8Array(0) } : null)
    const silent = runMachine(compareMemory(newState('nrf52840', 'idle'), compareJob(noise(10))), answerFrom(board))
    expect(silent.fault?.code).toBe('DFU_PROTOCOL')
    board.sabotage = (entry) => {
      if (entry.request !== 'UPLOAD') return null
      board.state = 10
      board.status = 0x0b
      return { data: new Uint8Array(0) }
    }
    const state = newState('nrf52840')
    expect(runMachine(compareMemory(state, compareJob(noise(10))), answerFrom(board)).fault?.code).toBe(
      'DEVICE_PROTECTED',
    )
  })
})

describe('leaving', () => {
  const leave = (family: 'nrf52840' | 'stm32f2' | 'generic', board: DfuBoard) => {
    const state = newState(family, 'idle')
    const run = runMachine(leaveDfu(state, 0x30000), answerFrom(board))
    return { run, state }
  }

  it('sends the empty block, looks once, and is silent ever after', () => {
    const board = boardOf(nrfMap)
    const { run, state } = leave('nrf52840', board)
    expect(run.value).toEqual({ lastState: 'dfuMANIFEST', isExpected: true })
    expect(transfers(board).map((entry) => entry.request)).toEqual(['DNLOAD', 'GETSTATUS'])
    expect(board.state).toBe(8)
    expect(runMachine(leaveDfu(state, 0), answerFrom(board)).fault?.code).toBe('INTERNAL')
    expect(board.log.at(-1)?.request).toBe('GETSTATUS')
  })

  it('sets the address first on devices that start there', () => {
    const board = boardOf(nrfMap)
    leave('generic', board)
    expect(board.log.filter((entry) => entry.request === 'DNLOAD')).toHaveLength(2)
  })

  it('expects dfuDNLOAD-IDLE of Gen 2 and of no other', () => {
    for (const [family, expected] of [
      ['stm32f2', true],
      ['nrf52840', false],
    ] as const) {
      const board = boardOf(nrfMap)
      board.sabotage = (entry) => (entry.request === 'GETSTATUS' ? { data: Uint8Array.of(0, 0, 0, 0, 5, 0) } : null)
      expect(leave(family, board).run.value).toEqual({ lastState: 'dfuDNLOAD-IDLE', isExpected: expected })
    }
  })

  it('takes a board that vanishes or stalls afterwards for gone', () => {
    const board = boardOf(nrfMap)
    board.sabotage = (entry) => (entry.request === 'GETSTATUS' ? 'stall' : null)
    expect(leave('nrf52840', board).run.value).toEqual({ lastState: null, isExpected: true })
  })

  it('is a fault when the board refuses with an error', () => {
    const board = boardOf(nrfMap)
    board.sabotage = (entry) => (entry.request === 'GETSTATUS' ? { data: Uint8Array.of(0x0a, 0, 0, 0, 10, 0) } : null)
    expect(leave('nrf52840', board).run.fault?.code).toBe('DFU_DEVICE_FAILED')
  })
})

describe('for any board and any plan', () => {
  const layouts = fc.record({
    work: fc.constantFrom('late' as const, 'early' as const),
    busyPolls: fc.integer({ min: 1, max: 3 }),
    pollTimeoutMs: fc.constantFrom(0, 1, 20),
    shapes: fc.array(fc.record({ kib: fc.constantFrom(1, 4, 16), count: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    from: fc.nat({ max: 20_000 }),
    sizeBytes: fc.integer({ min: 1, max: 30_000 }),
  })

  it('every byte is sent exactly once, to its address, after its sector was erased', () => {
    fc.assert(
      fc.property(layouts, ({ shapes, from, sizeBytes, ...options }) => {
        const text = shapes.map(({ kib, count }) => `${count}*${kib}Kg`).join(',')
        const map = parseMemoryMap(`@Any /0x00010000/${text}`)
        const board = boardOf(map, options)
        const total = board.memory.length
        const start = from % total
        const data = noise(Math.min(sizeBytes, total - start), sizeBytes)
        const before = board.memory.slice()
        const address = 0x10000 + start
        const run = runMachine(writeMemory(newState('generic'), write(map, address, data)), answerFrom(board))
        expect(run.fault).toBeNull()
        expect(Buffer.concat(board.written.map((each) => each.data))).toEqual(Buffer.from(data))
        let next = address
        for (const each of board.written) {
          expect(each.address).toBe(next)
          next += each.data.length
        }
        const end = address + data.length
        const touched = sectorsOf(map).filter((each) => each.address < end && address < each.address + each.sizeBytes)
        expect(board.erasedAt).toEqual(touched.map((each) => each.address))
        const expected = before
        for (const each of touched) {
          expected.fill(0xff, each.address - 0x10000, each.address - 0x10000 + each.sizeBytes)
        }
        expected.set(data, start)
        expect(Buffer.compare(board.memory, expected)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  const replies: fc.Arbitrary<DfuReply> = fc.oneof(
    fc.constant<DfuReply>({ kind: 'done' }),
    fc.constant<DfuReply>({ kind: 'stalled' }),
    fc
      .record({
        status: fc.oneof(fc.constant(0), fc.nat({ max: 20 })),
        state: fc.nat({ max: 15 }),
        poll: fc.constantFrom(0, 1, 255),
      })
      .map<DfuReply>(({ status, state, poll }) => ({
        kind: 'data',
        data: Uint8Array.of(status, poll, 0, 0, state, 0),
      })),
    fc.uint8Array({ maxLength: 10 }).map<DfuReply>((data) => ({ kind: 'data', data })),
    fc.constantFrom<DfuReply>(
      { kind: 'lost', fault: new Fault('USB_GONE', 'test') },
      { kind: 'lost', fault: new Fault('USB_TIMEOUT', 'test') },
    ),
  )

  const machines: readonly ((state: ReturnType<typeof newState>) => Dfu<unknown>)[] = [
    (state) => writeMemory(state, write(nrfMap, 0x30000, noise(9000))),
    (state) => eraseMemory(state, { map: nrfMap, alternate: 0, address: 0x30000, sizeBytes: 9000 }),
    (state) =>
      compareMemory(state, {
        map: nrfMap,
        alternate: 0,
        address: 0x30000,
        expected: noise(9000),
        hasher: hasher(),
        stopEarly: false,
      }),
    (state) => leaveDfu(state, 0x30000),
  ]

  it('each machine ends, with a value or a fault, whatever the device replies', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: machines.length - 1 }),
        fc.constantFrom('stm32f2' as const, 'nrf52840' as const, 'generic' as const),
        fc.infiniteStream(replies),
        (which, family, stream) => {
          const run = runMachine(
            machines[which]?.(newState(family)) as Dfu<unknown>,
            () => stream.next().value as DfuReply,
          )
          expect(run.fault === null || run.fault instanceof Fault).toBe(true)
          expect(run.fault?.code).not.toBe('INTERNAL')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('each machine ends at a device that gives one reply for ever', () => {
    fc.assert(
      fc.property(fc.nat({ max: machines.length - 1 }), replies, (which, reply) => {
        const run = runMachine(machines[which]?.(newState('stm32f2')) as Dfu<unknown>, () => reply)
        expect(run.elapsedMs).toBeLessThan(25_000)
      }),
      { numRuns: 200 },
    )
  })

  it('after an error only GETSTATUS, CLRSTATUS and ABORT follow, and at most one DNLOAD that was in line before it', () => {
    const families = fc.constantFrom('generic' as const, 'nrf52840' as const)
    const works = fc.constantFrom('late' as const, 'early' as const)
    fc.assert(
      fc.property(fc.nat({ max: 60 }), works, families, (at, work, family) => {
        const board = boardOf(nrfMap, { work })
        let count = 0
        let failedAt = -1
        let memory: Uint8Array | null = null
        board.sabotage = () => {
          count += 1
          if (count - 1 !== at) return null
          failedAt = board.log.length
          memory = board.memory.slice()
          board.state = 10
          board.status = 0x0e
          return 'stall'
        }
        const state = newState(family, 'idle')
        const run = runMachine(writeMemory(state, write(nrfMap, 0x30000, noise(30_000))), answerFrom(board))
        fc.pre(failedAt >= 0)
        expect(run.fault).not.toBeNull()
        const after = board.log.slice(failedAt).map((entry) => entry.request)
        const others = after.filter((request) => !['GETSTATUS', 'CLRSTATUS', 'ABORT'].includes(request))
        if (family === 'generic') expect(others).toEqual([])
        else expect([[], ['DNLOAD']]).toContainEqual(others)
        expect(board.memory).toEqual(memory)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a board that takes requests in their turn', () => {
  const data = noise(4 * 4096)

  it('has the next block in line before it is done with one, once it was seen to be prompt', () => {
    const board = boardOf(nrfMap)
    const run = runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, data)), answerFrom(board))
    const line: number[] = []
    let length = 0
    for (const ask of run.asks) {
      if (ask.kind === 'begin') length += 1
      if (ask.kind === 'end') {
        line.push(length)
        length -= 1
      }
    }
    // Alone: the first erase, and the address and the first block behind it. Then each with what comes behind it.
    expect(Math.max(...line)).toBe(3)
    expect(line.filter((waiting) => waiting === 3)).toHaveLength(3 - 1 + 4 - 1 - 1)
    expect(board.memory.subarray(0, data.length)).toEqual(data)
  })

  it('is not hurried when it names a time, nor when it stays busy', () => {
    for (const options of [{ pollTimeoutMs: 5 }, { busyPolls: 2 }]) {
      const board = boardOf(nrfMap, options)
      const run = runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, data)), answerFrom(board))
      expect(run.fault).toBeNull()
      expect(board.log.filter(({ request }) => request === 'DNLOAD')).toHaveLength(4 + 1 + 4)
      expect(board.memory.subarray(0, data.length)).toEqual(data)
    }
  })

  it('that is prompt no more fails its job: the block in line made an error of its state', () => {
    const board = boardOf(nrfMap)
    let isBusy = false
    board.sabotage = ({ request }) => {
      isBusy ||= board.written.length === 2 && request === 'GETSTATUS' && board.state === 3
      if (isBusy && request === 'GETSTATUS') return { data: Uint8Array.of(0, 0, 0, 0, 4, 0) }
      return isBusy ? 'stall' : null
    }
    const run = runMachine(writeMemory(newState('nrf52840', 'idle'), write(nrfMap, 0x30000, data)), answerFrom(board))
    expect(run.fault?.code).toBe('DFU_PROTOCOL')
    expect(board.written).toHaveLength(2)
  })
})

describe('a read of a board that takes requests in their turn', () => {
  const lineOf = (family: 'nrf52840' | 'generic', stopEarly: boolean) => {
    const board = boardOf(nrfMap)
    board.memory.fill(7)
    const expected = new Uint8Array(16 * 4096).fill(7)
    expected[6 * 4096] = 0
    const job = { map: nrfMap, alternate: 0, address: 0x30000, expected, hasher: hasher(), stopEarly }
    const run = runMachine(compareMemory(newState(family, 'idle'), job), answerFrom(board))
    const asked = board.log.filter(({ request }) => request === 'UPLOAD').length
    let length = 0
    const longest = run.asks.reduce((most, ask) => {
      if (ask.kind === 'begin' && ask.request.kind === 'read') length += 1
      if (ask.kind === 'end' && length > 0) length -= 1
      return Math.max(most, length)
    }, 0)
    return { value: run.value, asked, longest }
  }

  it('has blocks in line, in their order, and asks for each once', () => {
    expect(lineOf('nrf52840', false)).toMatchObject({ asked: 16, longest: 8, value: { firstDifference: 0x36000 } })
  })

  it('asks for one at most in vain where a difference ends it', () => {
    expect(lineOf('nrf52840', true)).toMatchObject({ asked: 8, longest: 2, value: { bytesRead: 7 * 4096 } })
  })

  it('is not taken for granted of an unknown device', () => {
    // Its blocks are read across those that were written: half a one more.
    expect(lineOf('generic', false)).toMatchObject({ asked: 17, longest: 1 })
  })
})
