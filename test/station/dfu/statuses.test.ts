// Every status code and every state of the standard, and some of no standard, wherever a device can report them: which
// fault, and with it which remedy, they come to. The expectations are written out and share nothing with the engine.
import { describe, expect, it } from 'vitest'
import { detach } from '../../../src/main/station/dfu/detach.ts'
import { plainHabits } from '../../../src/main/station/dfu/habits.ts'
import type { LoaderSession } from '../../../src/main/station/dfu/loader-session.ts'
import type { FaultCode } from '../../../src/shared/fault/fault-codes.ts'
import { noise } from './boards.ts'
import { LoaderDevice, statusBytes } from './loader-device.ts'
import { faultOf, never, openOn, openTest } from './open-test-loader.ts'

const base = 0x08000000
type Protocol = 'dfu' | 'dfuse'

/** Status, its name, the fault under plain DFU, the fault under DfuSe. */
const statuses: readonly (readonly [number, string, FaultCode, FaultCode])[] = [
  [0x01, 'errTARGET', 'DFU_REJECTED_FILE', 'DFU_REJECTED_FILE'],
  [0x02, 'errFILE', 'DFU_REJECTED_FILE', 'DFU_REJECTED_FILE'],
  [0x03, 'errWRITE', 'DFU_WRITE_FAILED', 'DFU_WRITE_FAILED'],
  [0x04, 'errERASE', 'DFU_WRITE_FAILED', 'DFU_WRITE_FAILED'],
  [0x05, 'errCHECK_ERASED', 'DFU_WRITE_FAILED', 'DFU_WRITE_FAILED'],
  [0x06, 'errPROG', 'DFU_WRITE_FAILED', 'DFU_WRITE_FAILED'],
  [0x07, 'errVERIFY', 'DFU_VERIFY_FAILED', 'DFU_VERIFY_FAILED'],
  [0x08, 'errADDRESS', 'DFU_REJECTED_FILE', 'DFU_REJECTED_FILE'],
  [0x09, 'errNOTDONE', 'DFU_INCOMPLETE', 'DFU_INCOMPLETE'],
  [0x0a, 'errFIRMWARE', 'DFU_PROGRAM_BROKEN', 'DFU_PROGRAM_BROKEN'],
  [0x0b, 'errVENDOR', 'DFU_DEVICE_FAILED', 'READ_PROTECTED'],
  [0x0c, 'errUSBR', 'DFU_INTERRUPTED', 'DFU_INTERRUPTED'],
  [0x0d, 'errPOR', 'DFU_INTERRUPTED', 'DFU_INTERRUPTED'],
  [0x0e, 'errUNKNOWN', 'DFU_DEVICE_FAILED', 'DFU_DEVICE_FAILED'],
  [0x0f, 'errSTALLEDPKT', 'DFU_DEVICE_FAILED', 'DFU_DEVICE_FAILED'],
  [0x10, 'status 16', 'DFU_DEVICE_FAILED', 'DFU_DEVICE_FAILED'],
  [0xff, 'status 255', 'DFU_DEVICE_FAILED', 'DFU_DEVICE_FAILED'],
]

const addressOf = (protocol: Protocol) => (protocol === 'dfuse' ? base : null)
const write = (loader: LoaderSession, sizeBytes = 100) =>
  loader.write({ alternate: 0, address: addressOf(loader.protocol), data: noise(sizeBytes), erase: true })
const compare = (loader: LoaderSession) =>
  loader.compare({ alternate: 0, address: addressOf(loader.protocol), expected: noise(100) })

describe.each(statuses)('status %i, %s', (...[status, name, plain, dfuse]) => {
  const codes = { dfu: plain, dfuse }
  /** A stalled write has failed, whatever is reported; a stalled first block has no upload behind it. */
  const stalledWrite = (code: FaultCode) => (code === 'DFU_DEVICE_FAILED' ? 'DFU_WRITE_FAILED' : code)
  const stalledRead = (code: FaultCode) => (code === 'DFU_DEVICE_FAILED' ? 'DFU_UPLOAD_UNSUPPORTED' : code)

  it.each(['dfu', 'dfuse'] as const)('behind a block, under %s', async (protocol) => {
    const { device, loader } = await openTest({ protocol })
    device.fails = (block) => (block > 0 ? status : 0)
    const fault = await faultOf(write(loader))
    expect(fault?.code).toBe(codes[protocol])
    expect(fault?.detail).toContain(`dfuERROR, ${name}`)
    device.fails = null
    expect(await faultOf(write(loader))).toBeNull()
  })

  it.each(['dfu', 'dfuse'] as const)('with a state that is none of an error, under %s', async (protocol) => {
    const { device, loader } = await openTest({ protocol })
    device.meddle = (seen, honest) => {
      honest()
      return seen.name === 'GETSTATUS' ? statusBytes({ status, state: 5 }) : 'ok'
    }
    expect((await faultOf(write(loader)))?.code).toBe(codes[protocol])
  })

  it.each(['dfu', 'dfuse'] as const)('behind a stalled block, under %s', async (protocol) => {
    const { device, loader } = await openTest({ protocol })
    device.meddle = (seen, honest) => (seen.name === 'DNLOAD' && seen.lengthBytes > 5 ? device.fail(status) : honest())
    expect((await faultOf(write(loader)))?.code).toBe(stalledWrite(codes[protocol]))
  })

  it('behind the erase of a sector', async () => {
    const { device, loader } = await openTest({ protocol: 'dfuse' })
    device.fails = (block, data) => (block === 0 && data[0] === 0x41 ? status : 0)
    const fault = await faultOf(write(loader))
    expect([fault?.code, fault?.detail]).toEqual([dfuse, expect.stringContaining('erase of sector 0x08000000')])
    expect((await faultOf(loader.massErase(0)))?.code).toBe(dfuse)
  })

  it('behind an address, and behind the removal of the protection', async () => {
    const { device, loader } = await openTest({ protocol: 'dfuse' })
    device.fails = (block, data) => (block === 0 && data[0] !== 0x41 ? status : 0)
    expect((await faultOf(compare(loader)))?.code).toBe(dfuse)
    expect((await faultOf(loader.readUnprotect()))?.code).toBe(dfuse)
    expect((await faultOf(loader.leave(base)))?.code).toBe(dfuse)
  })

  it('behind an upload', async () => {
    for (const protocol of ['dfu', 'dfuse'] as const) {
      const { device, loader } = await openTest({ protocol })
      device.meddle = (seen, honest) => (seen.name === 'UPLOAD' ? device.fail(status) : honest())
      expect((await faultOf(compare(loader)))?.code).toBe(protocol === 'dfu' ? stalledRead(plain) : dfuse)
    }
  })

  it('in a manifestation, at its beginning and at its end', async () => {
    for (const at of [6, 7]) {
      const { device, loader } = await openTest({ manifestMs: 10 })
      device.meddle = (seen, honest) => {
        if (seen.name !== 'GETSTATUS' || device.state !== at) return honest()
        device.fail(status)
        return honest()
      }
      const fault = await faultOf(write(loader))
      expect([fault?.code, fault?.detail]).toEqual([plain, expect.stringContaining('end of the download')])
    }
  })

  it('behind a leave', async () => {
    const { device, loader } = await openTest({ protocol: 'dfuse' })
    device.meddle = (seen, honest) => {
      if (seen.name === 'GETSTATUS' && device.state === 6) device.fail(status)
      return honest()
    }
    expect((await faultOf(loader.leave(base)))?.code).toBe(dfuse)
    device.meddle = null
    expect(await loader.leave(base)).toMatchObject({ isExpected: true })
  })

  it('in which a device starts is cleared', async () => {
    const device = new LoaderDevice({ state: 10, status })
    const loader = await openOn(device)
    expect(device.sent).toEqual(['GETSTATUS', 'CLRSTATUS', 'GETSTATUS'])
    await loader.close()
  })
})

describe('an error of the maker', () => {
  it('is told in the words that the device has for it', async () => {
    const { device, loader } = await openTest()
    device.stringIndex = 99
    device.fails = () => 0x0b
    expect((await faultOf(write(loader)))?.detail).toMatch(/errVENDOR, "the maker says no"$/)
  })

  it('is told without them where there are none', async () => {
    const { device, loader } = await openTest()
    device.stringIndex = 98
    device.fails = () => 0x0b
    expect((await faultOf(write(loader)))?.detail).toMatch(/errVENDOR$/)
  })
})

/** What comes of a state that a device reports for good, with status OK, at each place. null: it is well. */
const states: readonly {
  readonly state: number
  readonly opening: FaultCode | null
  readonly block: FaultCode | null
  readonly end: FaultCode | 'idle' | 'wait-reset' | 'gone'
  readonly leave: boolean | FaultCode
  readonly detach: 'asked' | 'already there'
}[] = [
  { state: 0, opening: 'DFU_PROTOCOL', block: 'DFU_PROTOCOL', end: 'gone', leave: false, detach: 'asked' },
  { state: 1, opening: 'DFU_PROTOCOL', block: 'DFU_PROTOCOL', end: 'gone', leave: false, detach: 'asked' },
  { state: 2, opening: null, block: 'DFU_PROTOCOL', end: 'idle', leave: true, detach: 'already there' },
  {
    state: 3,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_STUCK_BUSY',
    end: 'DFU_STUCK_BUSY',
    leave: false,
    detach: 'already there',
  },
  {
    state: 4,
    opening: 'DFU_STUCK_BUSY',
    block: 'DFU_STUCK_BUSY',
    end: 'DFU_STUCK_BUSY',
    leave: false,
    detach: 'already there',
  },
  { state: 5, opening: 'DFU_PROTOCOL', block: null, end: 'DFU_PROTOCOL', leave: false, detach: 'already there' },
  {
    state: 6,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_PROTOCOL',
    end: 'DFU_STUCK_BUSY',
    leave: true,
    detach: 'already there',
  },
  {
    state: 7,
    opening: 'DFU_STUCK_BUSY',
    block: 'DFU_PROTOCOL',
    end: 'DFU_STUCK_BUSY',
    leave: true,
    detach: 'already there',
  },
  {
    state: 8,
    opening: 'DFU_STUCK_BUSY',
    block: 'DFU_PROTOCOL',
    end: 'wait-reset',
    leave: true,
    detach: 'already there',
  },
  {
    state: 9,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_PROTOCOL',
    end: 'DFU_PROTOCOL',
    leave: false,
    detach: 'already there',
  },
  {
    state: 10,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_DEVICE_FAILED',
    end: 'DFU_DEVICE_FAILED',
    leave: 'DFU_DEVICE_FAILED',
    detach: 'already there',
  },
  {
    state: 11,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_PROTOCOL',
    end: 'DFU_PROTOCOL',
    leave: false,
    detach: 'already there',
  },
  {
    state: 15,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_PROTOCOL',
    end: 'DFU_PROTOCOL',
    leave: false,
    detach: 'already there',
  },
  {
    state: 255,
    opening: 'DFU_PROTOCOL',
    block: 'DFU_PROTOCOL',
    end: 'DFU_PROTOCOL',
    leave: false,
    detach: 'already there',
  },
]

describe.each(states)('state $state, reported for good', ({ state, opening, block, end, leave, detach: detached }) => {
  const reported = statusBytes({ state })

  it(`at the start comes to ${opening ?? 'work'}`, async () => {
    const device = new LoaderDevice()
    device.meddle = (seen, honest) => (seen.name === 'GETSTATUS' ? reported : honest())
    expect((await faultOf(openOn(device)))?.code ?? null).toBe(opening)
    expect(device.elapsedMs).toBeLessThan(40_000)
  })

  it.each(['dfu', 'dfuse'] as const)(`behind a block comes to ${block ?? 'work'}, under %s`, async (protocol) => {
    const { device, loader } = await openTest({ protocol, attributes: 0x0f })
    device.meddle = (seen, honest) => {
      const reply = honest()
      const isBehindBlock = device.log.findLast(({ name }) => name === 'DNLOAD')?.lengthBytes !== 0
      return seen.name === 'GETSTATUS' && isBehindBlock ? reported : reply
    }
    expect((await faultOf(write(loader)))?.code ?? null).toBe(block)
    expect(device.elapsedMs).toBeLessThan(40_000)
  })

  it(`behind the last block comes to ${end}`, async () => {
    const { device, loader } = await openTest()
    device.meddle = (seen, honest) => {
      const isBehindLast = device.log.findLast(({ name }) => name === 'DNLOAD')?.lengthBytes === 0
      return seen.name === 'GETSTATUS' && isBehindLast ? reported : honest()
    }
    const came = await write(loader).catch((fault) => fault)
    expect([came.code, came.ended]).toContain(end)
    expect(device.elapsedMs).toBeLessThan(200_000)
  })

  it(`behind a leave comes to ${leave === true ? 'what is expected' : leave || 'what may be a stay'}`, async () => {
    const { device, loader } = await openTest({ protocol: 'dfuse' })
    device.meddle = (seen, honest) => (seen.name === 'GETSTATUS' && device.state === 6 ? reported : honest())
    const came = await loader.leave(base).catch((fault) => fault)
    expect([came.code, came.isExpected]).toContain(leave)
  })

  it(`of a program comes to: ${detached}`, async () => {
    const device = new LoaderDevice({ state: 0, attributes: 0x03 })
    device.meddle = (seen, honest) => (seen.name === 'GETSTATUS' ? reported : honest())
    const { how } = await detach(device, { clock: device, signal: never, habits: plainHabits })
    expect(how === 'already there' ? how : 'asked').toBe(detached)
  })
})

describe('a time to wait', () => {
  const told = async (pollMs: number, workMs: number, habits = {}) => {
    const { device, loader } = await openTest({ workMs, pollMs }, habits)
    device.meddle = (seen, honest) => (seen.name === 'DNLOAD' && seen.lengthBytes === 0 ? 'gone' : honest())
    const fault = await faultOf(write(loader, 64))
    return { code: fault?.code ?? null, waits: device.waits, detail: fault?.detail, device }
  }

  it('beyond every sense is a fault at once, and says what it is', async () => {
    const { code, detail, device } = await told(0xffffff, 10)
    expect([code, device.elapsedMs < 100]).toEqual(['DFU_POLL_ABSURD', true])
    expect(detail).toMatch(/asked again in 16777215 ms, longer than the 35000 ms/)
  })

  it('that is nonsense is not looked at where that is a habit', async () => {
    const { code, waits } = await told(0xffffff, 3, { ignorePollTimeout: true })
    expect([code, waits]).toEqual([null, [5]])
  })

  it('of nothing is 5 ms, and nothing where that is a habit', async () => {
    expect((await told(0, 3)).waits).toEqual([5])
    expect((await told(0, 2, { allowZeroPollTimeout: true })).waits).toEqual([])
  })

  it('that is too short is lengthened when it was waited for in vain again and again', async () => {
    const { code, device } = await told(1, 30_000)
    expect([code, device.log.length < 450]).toEqual([null, true])
  })

  it('that is never over ends in DFU_STUCK_BUSY', async () => {
    for (const pollMs of [0, 1, 100, 35_000]) {
      const { code, device } = await told(pollMs, 1_000_000)
      expect(code).toBe('DFU_STUCK_BUSY')
      expect(device.elapsedMs).toBeLessThan(71_000)
      expect(device.log.length).toBeLessThan(500)
    }
  })
})
