// The fault table is complete: every code is used, every row can stand on a screen, and every foreign error has a code.
import { describe, expect, it } from 'vitest'
import { statusFaults } from '../../src/main/station/dfu/dfu-faults.ts'
import { dfuStatuses } from '../../src/main/station/dfu/words.ts'
import { usbFault } from '../../src/main/station/usb/usb-faults.ts'
import { faultCodeNames, faultCodes } from '../../src/shared/fault/fault-codes.ts'
import { readSources } from './import-graph.ts'

const table = 'src/shared/fault/fault-codes.ts'
const sources = readSources('src')
const elsewhere = [...sources].filter(([file]) => file !== table).map(([, text]) => text)

/** What a person at the bench can do, first word of a remedy. */
const acts =
  /^(Assign|Ask|Call|Change|Check|Choose|Close|Free|Get|Import|Note|Press|Put|Start|Stop|Take|Two boards were exchanged while working\. Put|All flashing stopped\. Free|Unplug|Update|Wait)\b/

/** The numbers of libusb 1.0 (libusb.h): errors below zero, transfer statuses above. */
const libusbNumbers = [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -99, 1, 2, 3, 4, 5, 6]

describe('the fault table', () => {
  it.each(faultCodeNames)('%s is used, and its row is fit to be shown', (code) => {
    const isUsed = elsewhere.some((text) => text.includes(`'${code}'`))
    expect(isUsed, `${code} is used somewhere in src`).toBe(true)
    const { title, remedy, engineer } = faultCodes[code]
    expect(title.length).toBeLessThanOrEqual(60)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(remedy).toMatch(acts)
    expect(remedy).toMatch(/\.$/)
    expect(engineer.length).toBeGreaterThan(0)
  })

  it('has no code twice under another title', () => {
    const titles = faultCodeNames.map((code) => faultCodes[code].title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('is the only place where codes come from: every code in the sources is in it', () => {
    const written = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/new Fault\(\s*'([A-Z_]+)'/g)].map(([, code = '']) => code),
    )
    expect(written.length).toBeGreaterThan(100)
    expect(written.filter((code) => !Object.hasOwn(faultCodes, code))).toEqual([])
  })
})

describe('foreign errors', () => {
  it.each(Object.keys(dfuStatuses).filter((name) => name !== 'OK'))('DFU status %s has a code', (name) => {
    expect(faultCodeNames).toContain(statusFaults[name as keyof typeof statusFaults])
  })

  it('are sixteen statuses in DFU 1.1, OK among them', () => {
    expect(Object.values(dfuStatuses).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n))
  })

  it.each(libusbNumbers)('libusb %i has a code and keeps its name', (errno) => {
    const fault = usbFault(Object.assign(new Error('native'), { errno }), 'open')
    expect(faultCodeNames).toContain(fault.code)
    expect(fault.code).not.toBe('INTERNAL')
    expect(fault.detail).toMatch(/LIBUSB_(ERROR|TRANSFER)_/)
  })
})
