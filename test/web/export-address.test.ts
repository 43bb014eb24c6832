import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportAddress, offerDownload, readExportQuery } from '../../src/main/web/export-address.ts'
import { platformNames } from '../../src/shared/model/platform.ts'
import { outcomes } from '../../src/shared/model/record.ts'

const times = fc.option(fc.integer({ min: 0, max: 4e12 }))
const requests = fc.record({
  format: fc.constantFrom('csv' as const, 'jsonl' as const),
  filter: fc.record({
    text: fc.string({ maxLength: 200, unit: 'grapheme' }).filter((text) => text.length <= 200),
    outcome: fc.option(fc.constantFrom(...outcomes, 'open' as const)),
    job: fc.option(fc.constantFrom('flash' as const, 'verify' as const, 'identify' as const)),
    platform: fc.option(fc.constantFrom(...platformNames)),
    from: times,
    to: times,
  }),
})

describe('the address of an export', () => {
  it('is read as it was written, whatever the filter', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { searchParams } = new URL(exportAddress(request), 'http://127.0.0.1/')
        expect(readExportQuery(searchParams)).toEqual(request)
      }),
    )
  })

  it('is what a screen gets instead of a file', async () => {
    const filter = { text: 'e00f', outcome: null, job: 'verify', platform: null, from: null, to: null } as const
    const url = 'export?format=csv&text=e00f&job=verify'
    expect(await offerDownload('csv', filter)).toEqual({ kind: 'download', url })
  })
})
