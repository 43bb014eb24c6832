import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { portPathOf } from '../../../src/main/station/usb/port-path.ts'

describe('the port path of a device', () => {
  it('names the bus and every port on the way', () => {
    expect(portPathOf(2, [1, 4, 3])).toBe('2-1.4.3')
    expect(portPathOf(1, [7])).toBe('1-7')
  })

  it('is none for a root hub, and where the controller reports no ports', () => {
    expect(portPathOf(1, [])).toBeNull()
    expect(portPathOf(1, undefined)).toBeNull()
  })

  it('differs between any two places', () => {
    const number = fc.integer({ min: 1, max: 255 })
    const place = fc.record({ bus: number, ports: fc.array(number, { minLength: 1, maxLength: 7 }) })
    fc.assert(
      fc.property(place, place, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(portPathOf(one.bus, one.ports) === portPathOf(other.bus, other.ports)).toBe(isSame)
      }),
    )
  })
})
