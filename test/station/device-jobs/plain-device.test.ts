// Jobs on plain DFU devices: flashed, proven and recorded, whatever way they have into their loader and out of it.
import { describe, expect, it } from 'vitest'
import { withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { openJobBench, runJobOn, someBytes } from './job-bench.ts'

const program = (release = 0x0102, sizeBytes = 20_000) =>
  Uint8Array.from(withHeader({ ids: { vendorId: 0x1209, productId: 0x0002 }, release }, someBytes(sizeBytes, release)))

describe('a flash of a plain DFU device', () => {
  it('enters its loader, writes, reads back, starts the program and proves its version', async () => {
    const bench = openJobBench()
    const run = await runJobOn(bench, { bytes: program(), device: { version: '1.02' } })
    expect(run.fault).toBeNull()
    expect(run.outcome).toBe('pass')
    expect(run.steps).toEqual([
      'Enter DFU: done',
      'Write Program: done',
      'Enter DFU: done',
      'Verify Program: done',
      'Start its program: done',
      'Prove the firmware: done',
    ])
    expect(bench.flash(program().length)).toEqual(program())
    expect(run.closing.images).toMatchObject([{ proof: 'read-back', action: 'written', reason: null }])
    expect(run.closing.deviceAfter).toMatchObject({ mode: 'normal', revision: 0x0102 })
    expect(run.opening).toMatchObject({ platform: null, deviceId: null, device: { mode: 'normal', revision: 0x0100 } })
  })
})
