// Faults cross every border with code and detail intact; what is no fault becomes INTERNAL with its cause.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomeOf, unwrap } from '../../src/shared/contract/define-contract.ts'
import { asFault, assertNever, describeFault, Fault, faultFrom, reportOf } from '../../src/shared/fault/fault.ts'
import { faultCodeNames } from '../../src/shared/fault/fault-codes.ts'

const report = fc.record({ code: fc.constantFrom(...faultCodeNames), detail: fc.string() })

describe('a fault', () => {
  it('is the same after a report, JSON and back', () => {
    fc.assert(
      fc.property(report, (original) => {
        const back = faultFrom(JSON.parse(JSON.stringify(reportOf(faultFrom(original)))))
        expect(reportOf(back)).toEqual(original)
        expect(back).toBeInstanceOf(Fault)
        expect(back.message).toBe(`${original.code}: ${original.detail}`)
      }),
    )
  })

  it('crosses a process border as an outcome and is thrown again on the other side', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (original) => {
        const outcome = await outcomeOf(() => Promise.reject(faultFrom(original)))
        const arrived = structuredClone(outcome)
        expect(arrived).toEqual({ ok: false, fault: original })
        expect(() => unwrap(arrived)).toThrow(expect.objectContaining(original))
      }),
    )
  })

  it('names the buttons as this board has them', () => {
    const byHand = { code: 'DFU_BY_BUTTON', detail: 'x' } as const
    expect(describeFault(byHand, 'photon').remedy).toMatch(/while holding SETUP, keep holding SETUP/)
    expect(describeFault(byHand, 'boron').remedy).toBe(describeFault(byHand).remedy)
    expect(describeFault(byHand, 'msom').remedy).toMatch(/holding MODE.* The buttons are on the carrier board\.$/)
    expect(describeFault({ code: 'USB_BUSY', detail: 'x' }, 'msom').remedy).not.toContain('carrier')
  })

  it.each(faultCodeNames)('%s has no words of Particle boards for any other device', (code) => {
    if (/^DEVICE_OS|^CONTROL_REQUEST|^BOARD_WITHOUT_ID/.test(code)) return
    expect(describeFault({ code, detail: 'x' }, 'device').remedy).not.toMatch(/\b(MODE|RESET|LED|Device OS)\b/)
  })

  it('keeps the error that caused it', () => {
    const cause = new Error('LIBUSB_ERROR_IO')
    expect(new Fault('USB_FAILED', 'x', { cause }).cause).toBe(cause)
  })

  it('is made of anything that is thrown, without losing what that was', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const fault = asFault(thrown)
        expect([fault.code, fault.cause]).toEqual(['INTERNAL', thrown])
        expect(fault.detail).toBeTypeOf('string')
      }),
    )
    const known = new Fault('USB_GONE', 'x')
    expect(asFault(known)).toBe(known)
  })

  it.each(faultCodeNames)('%s can be told to an operator', (code) => {
    const { title, remedy } = describeFault({ code, detail: '' })
    expect([title.length > 0, remedy.length > 0]).toEqual([true, true])
  })

  it('is what a value of no known kind ends in', () => {
    expect(() => assertNever('new kind' as never)).toThrow(/INTERNAL: unexpected value "new kind"/)
  })
})
