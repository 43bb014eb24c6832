// A scanner and a person use the same keys; time tells them apart.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScanMachine, readScan, scanGapMs } from '../../src/renderer/screens/bench/scan.ts'

/** Types a text at one speed and returns what came out. */
function type(text: string, gapMs: number, withEnter = true) {
  const machine = createScanMachine()
  const typed: string[] = []
  let scan: string | null = null
  const keys = withEnter ? [...text, 'Enter'] : [...text]
  keys.forEach((key, place) => {
    const verdict = machine.key(key, place * gapMs)
    if (verdict.kind === 'scan') scan = verdict.text
    if (verdict.kind === 'typed' || verdict.kind === 'passed') typed.push(...verdict.keys)
  })
  typed.push(...machine.settle())
  return { scan, typed: typed.join('') }
}

describe('telling a scanner from a person', () => {
  it('hears a fast text with Enter as one scan and passes no key on', () => {
    expect(type('e00fce68aaaaaa1eefc10001', 5)).toEqual({ scan: 'e00fce68aaaaaa1eefc10001', typed: '' })
  })

  it('passes on what a person types, letter by letter', () => {
    expect(type('start', 120)).toEqual({ scan: null, typed: 'start' })
  })

  it('passes on a fast text that does not end with Enter', () => {
    expect(type('12345678', 5, false)).toEqual({ scan: null, typed: '12345678' })
  })

  it('takes two digits and Enter for a person, however fast', () => {
    expect(type('12', 5)).toEqual({ scan: null, typed: '12' })
  })

  it('never loses and never doubles a key, at any rhythm', () => {
    const keys = fc.array(
      fc.record({ key: fc.constantFrom('a', '1', ' ', 'Enter'), gapMs: fc.integer({ min: 0, max: 3 * scanGapMs }) }),
    )
    fc.assert(
      fc.property(keys, (strokes) => {
        const machine = createScanMachine()
        let at = 0
        let out = ''
        for (const { key, gapMs } of strokes) {
          at += gapMs
          const verdict = machine.key(key, at)
          if (verdict.kind === 'scan') out += `${verdict.text}\n`
          if (verdict.kind === 'typed') out += verdict.keys.join('')
          if (verdict.kind === 'passed') out += `${verdict.keys.join('')}\n`
        }
        out += machine.settle().join('')
        expect(out).toBe(strokes.map(({ key }) => (key === 'Enter' ? '\n' : key)).join(''))
      }),
    )
  })
})

describe('what a barcode asks for', () => {
  it.each([
    ['SLOT 3', { kind: 'slot', slot: 3 }],
    ['slot 32', { kind: 'slot', slot: 32 }],
    ['START', { kind: 'start' }],
    ['STOP', { kind: 'stop' }],
    ['89883070000012340001', { kind: 'search', text: '89883070000012340001' }],
    [' e00fce68aaaaaa1eefc10001 ', { kind: 'search', text: 'e00fce68aaaaaa1eefc10001' }],
  ])('%s', (text, command) => expect(readScan(text)).toEqual(command))

  it('drops the secret of a label', () => {
    expect(readScan('PB2408000004 MobileSecret12')).toEqual({ kind: 'search', text: 'PB2408000004' })
  })

  it('hears nothing in an empty barcode', () => expect(readScan('   ')).toBeNull())
})
