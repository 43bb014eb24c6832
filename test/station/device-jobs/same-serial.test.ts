// Whether a device that came back can be the one that left, as far as serial numbers tell.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  noteSerial,
  type SeenSerials,
  seenSerials,
  serialComplaint,
} from '../../../src/main/station/device-jobs/same-serial.ts'
import type { DfuIdentity } from '../../../src/shared/model/dfu-identity.ts'
import { type BoardMode, known, unreadable } from '../../../src/shared/model/identity.ts'

function seenAs(mode: BoardMode, serial: string | null): DfuIdentity {
  const serialNumber = serial === null ? unreadable<string>('the device has none') : known(serial)
  return { mode, serialNumber } as DfuIdentity
}

const rom = '3677365A3037'
const uid = '003600473531390E36343239'

describe('a device that comes back', () => {
  it('must have the serial number that it had in this mode', () => {
    const seen = seenSerials(seenAs('dfu', rom))
    expect(serialComplaint(seen, seenAs('dfu', rom))).toBeNull()
    expect(serialComplaint(seen, seenAs('dfu', '3677365A3038'))).toMatch(/3677365A3038, it was 3677365A3037/)
  })

  it('may count otherwise in its loader than in its program, which then is held against itself', () => {
    const seen = seenSerials(seenAs('normal', uid))
    expect(serialComplaint(seen, seenAs('dfu', rom))).toBeNull()
    noteSerial(seen, seenAs('dfu', rom))
    expect(serialComplaint(seen, seenAs('normal', uid.replace('0', '1')))).toMatch(/it was/)
    expect(serialComplaint(seen, seenAs('dfu', uid))).toMatch(/it was/)
  })

  it('is another one where both modes count alike and differ', () => {
    const seen = seenSerials(seenAs('normal', 'AAAA'))
    expect(serialComplaint(seen, seenAs('dfu', 'BBBB'))).toMatch(/in the other mode it was AAAA/)
    expect(serialComplaint(seen, seenAs('dfu', 'AAAA'))).toBeNull()
  })

  it('is never accused for a serial number that one of the two does not tell', () => {
    const modes = fc.constantFrom<BoardMode>('normal', 'dfu')
    fc.assert(
      fc.property(modes, modes, fc.string(), (one, other, serial) => {
        const silent: SeenSerials = seenSerials(seenAs(one, null))
        expect(serialComplaint(silent, seenAs(other, serial))).toBeNull()
        expect(serialComplaint(seenSerials(seenAs(one, serial)), seenAs(other, null))).toBeNull()
        expect(serialComplaint(seenSerials(seenAs(one, serial)), seenAs(one, serial))).toBeNull()
      }),
    )
  })
})
