// Jobs on plain DFU devices: flashed, proven and recorded, whatever way they have into their loader and out of it.
import { describe, expect, it } from 'vitest'
import { withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { parseQuirks } from '../../../src/main/station/devices/quirk-file.ts'
import { withSuffix } from '../../../src/main/station/images/dfu-suffix.ts'
import { isAlreadyCurrent } from '../../../src/shared/model/already-current.ts'
import type { JobProgress } from '../../../src/shared/model/slot.ts'
import { imageFor, type JobRun, openJobBench, runJobOn, someBytes, wishFor } from './job-bench.ts'

const program = (release = 0x0102, sizeBytes = 20_000) =>
  Uint8Array.from(withHeader({ ids: { vendorId: 0x1209, productId: 0x0002 }, release }, someBytes(sizeBytes, release)))

const tolerant = { attributes: ['download', 'upload', 'manifestation-tolerant', 'will-detach'] }
const noRuntime = (text: string) => parseQuirks(`[USB\\VID_1209&PID_0001]\nFlags = ${text}\n`, 'test')
const current = ({ opening, closing }: JobRun) => isAlreadyCurrent({ job: opening.job, closing })

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
    expect(current(run)).toBe(false)
  })

  it('tells its plan, its progress and its pieces as it goes', async () => {
    const { events } = await runJobOn(openJobBench(), { bytes: program() })
    const plans = events.flatMap((event) => (event.kind === 'planned' ? [event.plan] : []))
    expect(plans).toEqual([
      ['Enter DFU', 'Write memory 0', 'Enter DFU', 'Verify memory 0', 'Start its program', 'Prove the firmware'],
      ['Enter DFU', 'Write Program', 'Enter DFU', 'Verify Program', 'Start its program', 'Prove the firmware'],
    ])
    const progress = events.flatMap((event): JobProgress[] => (event.kind === 'progressed' ? [event.progress] : []))
    const fractions = progress.map(({ fraction }) => fraction)
    expect(fractions).toEqual([...fractions].sort((one, other) => one - other))
    expect(fractions.at(-1)).toBeGreaterThan(0.9)
    expect(new Set(progress.map(({ stepName }) => stepName)).size).toBe(5)
    const actions = events.flatMap((event) => (event.kind === 'images' ? [event.images[0]?.action] : []))
    expect(new Set(actions)).toEqual(new Set(['not reached', 'written']))
  })

  it('takes no OK for proof of a loader that stalled questions while it worked', async () => {
    const bench = openJobBench({ platform: 'dfu-liar' })
    const bytes = imageFor('dfu-liar', 0x0102)
    const told = await runJobOn(bench, { bytes, device: wishFor('dfu-liar', { verify: 'reported' }) })
    expect(told).toMatchObject({ outcome: 'fail', closing: { images: [{ proof: 'none', action: 'written' }] } })
    // Found in its loader, nobody knows whether the version that it reports is news.
    const stuck = openJobBench({ platform: 'dfu-liar', start: 'dfu' })
    const device = wishFor('dfu-liar', { verify: 'reported', version: '1.02' })
    expect(await runJobOn(stuck, { bytes, device })).toMatchObject({
      outcome: 'fail',
      closing: { images: [{ proof: 'none' }] },
    })
    const read = await runJobOn(bench, { bytes, device: wishFor('dfu-liar') })
    expect(read).toMatchObject({ outcome: 'pass', closing: { images: [{ proof: 'read-back' }] } })
  })

  it('leaves a device alone that holds everything, and says so with the reading as its proof', async () => {
    const bench = openJobBench()
    await runJobOn(bench, { bytes: program() })
    const run = await runJobOn(bench, { bytes: program() })
    expect(run.closing.images).toMatchObject([{ proof: 'read-back', action: 'unchanged' }])
    expect(run.outcome).toBe('pass')
    expect(current(run)).toBe(true)
    expect(run.steps).toContain('Enter DFU: done')
    const again = await runJobOn(bench, { bytes: program(), recipe: { force: true } })
    expect(again.closing.images).toMatchObject([{ proof: 'read-back', action: 'written' }])
    expect(current(again)).toBe(false)
  })

  it('is proven by the version it reports where it cannot be read, if the recipe is content with that', async () => {
    const bench = openJobBench({ platform: 'dfu-noupload' })
    const match = ['1209:0024', '1209:0025']
    const file = Uint8Array.from(
      withHeader({ ids: { vendorId: 0x1209, productId: 0x25 }, release: 0x0203 }, someBytes(5_000)),
    )
    const refused = await runJobOn(bench, { bytes: file, device: { match } })
    expect(refused.fault).toMatchObject({
      code: 'PLAN_REFUSED',
      detail: expect.stringContaining('verify to "reported"'),
    })
    expect(bench.device.account().bytesProgrammed).toBe(0)
    expect(bench.device.mode()).toBe('normal')
    const wish = { match, verify: 'reported', version: '2.03' }
    const run = await runJobOn(bench, { bytes: file, device: wish })
    expect(run.closing.images).toMatchObject([{ proof: 'reported-version', readBackSha256: null, action: 'written' }])
    // The version is the same as before: it says nothing of this download.
    const again = await runJobOn(bench, { bytes: file, device: wish })
    expect(again.closing.images).toMatchObject([{ proof: 'reported-status', action: 'written' }])
    expect(again.outcome).toBe('pass')
    const other = await runJobOn(bench, { bytes: file, device: { ...wish, version: '2.04' } })
    expect(other.fault).toMatchObject({
      code: 'VERSION_MISMATCH',
      detail: expect.stringContaining('2.03, wanted 2.04'),
    })
    expect(other.closing.images).toMatchObject([{ proof: 'none' }])
  })

  it('stays in its loader where the recipe says so', async () => {
    for (const device of [tolerant, {}]) {
      const bench = openJobBench({ device })
      const run = await runJobOn(bench, { bytes: program(), device: { afterwards: 'stay' } })
      expect(run.fault).toBeNull()
      expect(run.closing.deviceAfter).toMatchObject({ mode: 'dfu' })
      expect(bench.device.mode()).toBe('dfu')
      const reported = await runJobOn(bench, {
        bytes: program(0x0300),
        device: { afterwards: 'stay', verify: 'reported' },
      })
      expect(reported.closing.images).toMatchObject([{ proof: 'reported-status' }])
      expect(bench.device.mode()).toBe('dfu')
    }
  })

  it('starts in its loader, too', async () => {
    const bench = openJobBench({ start: 'dfu' })
    const run = await runJobOn(bench, { bytes: program(), device: { version: '1.02' } })
    expect(run.steps[0]).toBe('Write Program: done')
    expect(run.outcome).toBe('pass')
    expect(bench.device.mode()).toBe('normal')
  })

  it('takes a file with a suffix for one of its ids, and refuses one for another device with both identities', async () => {
    const suffixed = (productId: number) => withSuffix(program(), { vendorId: 0x1209, productId, revision: null })
    const good = await runJobOn(openJobBench(), { bytes: suffixed(0x0002), file: 'app.dfu' })
    expect(good.outcome).toBe('pass')
    const bench = openJobBench()
    const bad = await runJobOn(bench, { bytes: suffixed(0x0666), file: 'app.dfu' })
    expect(bad.fault?.code).toBe('PLAN_REFUSED')
    expect(bad.fault?.detail).toMatch(/1209:0666.*1209:0001/)
    expect(bad.steps).toEqual([])
    expect(bench.device.account().transfersByRequest['dfu-detach']).toBeUndefined()
  })

  it('asks for a hand where its program does not bring it into its loader', async () => {
    for (const flags of ['needs-bootloader', 'no-dfu-runtime']) {
      const bench = openJobBench()
      const run = await runJobOn(bench, { bytes: program(), quirks: noRuntime(flags) })
      expect(run.fault?.code).toBe('DFU_BY_BUTTON')
      expect(bench.device.mode()).toBe('normal')
    }
  })

  it('asks for a hand after the download where its program has no DFU, and passes once it is in its loader', async () => {
    const bench = openJobBench({ platform: 'quirk-lpc' })
    const bytes = Uint8Array.from(
      withHeader({ ids: { vendorId: 0x1fc9, productId: 0x000c }, release: 0x0102 }, someBytes(9_000)),
    )
    const wish = { bytes, device: { match: ['1fc9:000c', '1209:0046'] } }
    const first = await runJobOn(bench, wish)
    expect(first.fault?.code).toBe('DFU_BY_BUTTON')
    expect(first.fault?.detail).toContain('start it again')
    expect(first.closing.images).toMatchObject([{ proof: 'none', action: 'written' }])
    bench.device.pressButton()
    const second = await runJobOn(bench, wish)
    expect(second.fault).toBeNull()
    expect(second.closing.images).toMatchObject([{ proof: 'read-back', action: 'unchanged' }])
    expect(second.closing.deviceAfter).toBeNull()
  })

  it('fails when the device cannot be brought to start its program', async () => {
    const platform = 'quirk-jabra-410'
    const bytes = Uint8Array.from(
      withHeader({ ids: { vendorId: 0x0b0e, productId: 0x0411 }, release: 0x0102 }, someBytes(9_000)),
    )
    const wish = { bytes, device: { match: ['0b0e:0411'], verify: 'reported' } }
    const quirks = parseQuirks('[USB\\VID_0B0E&PID_0411]\nFlags = no-pid-change,ignore-upload\n', 'test')
    const run = await runJobOn(openJobBench({ platform }), { ...wish, quirks })
    expect(run.fault?.code).toBe('PROGRAM_NOT_RUNNING')
    expect(run.closing.images).toMatchObject([{ proof: 'none' }])
    expect((await runJobOn(openJobBench({ platform }), wish)).outcome).toBe('pass')
  })

  it('never passes a device that says OK and holds other bytes, and never believes its version alone', async () => {
    for (const platform of ['dfu-deaf', 'dfu-flipper']) {
      const bytes = Uint8Array.from(
        withHeader(
          { ids: { vendorId: 0x1209, productId: platform === 'dfu-deaf' ? 0x2f : 0x31 }, release: 0x0102 },
          someBytes(9_000),
        ),
      )
      const match = platform === 'dfu-deaf' ? ['1209:002e', '1209:002f'] : ['1209:0030', '1209:0031']
      const read = await runJobOn(openJobBench({ platform }), { bytes, device: { match } })
      expect(read.fault?.code).toBe('DFU_VERIFY_FAILED')
      expect(read.closing.images).toMatchObject([{ proof: 'none', readBackSha256: null }])
    }
    const match = ['1209:002e', '1209:002f']
    const bytes = Uint8Array.from(
      withHeader({ ids: { vendorId: 0x1209, productId: 0x2f }, release: 0x0102 }, someBytes(9_000)),
    )
    const reported = { match, verify: 'reported', version: '1.02' }
    const deaf = await runJobOn(openJobBench({ platform: 'dfu-deaf' }), { bytes, device: reported })
    expect(deaf.fault?.code).toBe('VERSION_MISMATCH')
  })

  it('uses the interface with the memory that the recipe names', async () => {
    const match = ['1209:002c', '1209:002d']
    const bytes = someBytes(12_000)
    const open = await runJobOn(openJobBench({ platform: 'dfu-two' }), { bytes, device: { match } })
    expect(open.fault?.detail).toMatch(/interface 0: 0 Program, 1 Settings; interface 1: 0 Radio/)
    const number = await runJobOn(openJobBench({ platform: 'dfu-two' }), { bytes, device: { match, memory: 0 } })
    expect(number.fault?.code).toBe('PLAN_REFUSED')
    const bench = openJobBench({ platform: 'dfu-two' })
    const run = await runJobOn(bench, { bytes, device: { match, memory: 'Radio' } })
    expect(run.fault).toBeNull()
    expect(bench.device.memory(2).subarray(0, bytes.length)).toEqual(bytes)
  })

  it('refuses a library that gives other bytes than were planned', async () => {
    const bench = openJobBench()
    const run = await runJobOn(bench, { bytes: program(), shelfBytes: program(0x0103) })
    expect(run.fault?.code).toBe('FIRMWARE_CORRUPT')
    expect(bench.device.account().bytesProgrammed).toBe(0)
    expect(bench.device.mode()).toBe('normal')
  })

  it('ends with the status that the device gives', async () => {
    const bench = openJobBench({ device: { refusal: { block: 3, status: 'errWrite' } } })
    const run = await runJobOn(bench, { bytes: program() })
    expect(run.fault?.code).toBe('DFU_WRITE_FAILED')
    expect(run.closing.images).toMatchObject([{ action: 'written', reason: 'begun and not finished', proof: 'none' }])
    expect(run.closing.steps.at(-1)).toMatchObject({ name: 'Write Program', result: 'failed', bytes: 3 * 1024 })
  })
})

describe('a verification of a plain DFU device', () => {
  it('passes one that holds the image, and lets its program run again', async () => {
    const bench = openJobBench()
    await runJobOn(bench, { bytes: program() })
    const before = bench.device.account().bytesProgrammed
    const run = await runJobOn(bench, { bytes: program(), recipe: { job: 'verify' }, device: { version: '1.02' } })
    expect(run.fault).toBeNull()
    expect(run.steps.map((step) => step.split(':')[0])).toEqual([
      'Enter DFU',
      'Examine Program',
      'Start its program',
      'Judge the firmware',
    ])
    expect(run.closing.images).toMatchObject([{ proof: 'read-back', action: 'unchanged' }])
    expect(bench.device.account().bytesProgrammed).toBe(before)
    expect(bench.device.mode()).toBe('normal')
  })

  it('names all that differs in one fault, and writes nothing', async () => {
    const bench = openJobBench()
    const wish = { recipe: { job: 'verify' }, device: { version: '1.02' } } as const
    const run = await runJobOn(bench, { bytes: program(), ...wish })
    expect(run.fault?.code).toBe('BOARD_DIFFERS')
    expect(run.fault?.detail).toMatch(
      /Program differs from app.bin from 0x.*; its program reports version 1.00, wanted 1.02/,
    )
    expect(bench.device.account().bytesProgrammed).toBe(0)
    expect(bench.device.mode()).toBe('normal')
  })

  it('asks for the version alone where the recipe is content with that, and leaves the program running', async () => {
    const bench = openJobBench()
    const recipe = { job: 'verify' } as const
    const good = await runJobOn(bench, { bytes: program(), recipe, device: { verify: 'reported', version: '1.00' } })
    expect(good.outcome).toBe('pass')
    expect(good.closing.images).toMatchObject([{ proof: 'reported-version', action: 'unchanged' }])
    const bad = await runJobOn(bench, { bytes: program(), recipe, device: { verify: 'reported', version: '1.02' } })
    expect(bad.fault?.code).toBe('BOARD_DIFFERS')
    expect(bench.device.account().transfersByRequest['dfu-detach']).toBeUndefined()
  })
})

describe('an identification of a plain DFU device', () => {
  it('asks it as it is, and moves nothing', async () => {
    for (const start of ['normal', 'dfu'] as const) {
      const bench = openJobBench({ start })
      const run = await runJobOn(bench, { bytes: program(), recipe: { job: 'identify' } })
      expect(run.outcome).toBe('pass')
      expect(run.steps).toEqual(['Identify: done'])
      expect(run.closing).toMatchObject({ images: [], deviceAfter: { mode: start } })
      expect(bench.device.mode()).toBe(start)
    }
  })
})
