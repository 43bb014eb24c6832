// Jobs on STM32 chips in their ROM's loader: sectors, several pieces, protection, option bytes, and programs that show
// themselves or do not.
import { describe, expect, it } from 'vitest'
import { stProgram } from '../../../src/main/sim/generic/st-program.ts'
import { withSuffix } from '../../../src/main/station/images/dfu-suffix.ts'
import { imageFor, openJobBench, runJobOn, someBytes, wishFor } from './job-bench.ts'

const flashBase = 0x0800_0000
const bytes = imageFor('stm32', 0x0102)
const wish = (change: object = {}) => wishFor('stm32', change)

/** A DfuSe file with these elements for alternate setting `alternate`. */
function dfuseFile(
  targets: readonly { alternate: number; elements: readonly { address: number; data: Uint8Array }[] }[],
) {
  const body = targets.map(({ alternate, elements }) => {
    const parts = elements.map(({ address, data }) => {
      const head = Buffer.alloc(8)
      head.writeUInt32LE(address, 0)
      head.writeUInt32LE(data.length, 4)
      return Buffer.concat([head, data])
    })
    const content = Buffer.concat(parts)
    const head = Buffer.alloc(274)
    head.write('Target', 'latin1')
    head.writeUInt8(alternate, 6)
    head.writeUInt32LE(content.length, 266)
    head.writeUInt32LE(elements.length, 270)
    return Buffer.concat([head, content])
  })
  const content = Buffer.concat(body)
  const prefix = Buffer.alloc(11)
  prefix.write('DfuSe', 'latin1')
  prefix.writeUInt8(1, 5)
  prefix.writeUInt32LE(11 + content.length, 6)
  prefix.writeUInt8(targets.length, 10)
  const file = Buffer.concat([prefix, content])
  return withSuffix(file, { vendorId: 0x0483, productId: 0xdf11, revision: null }, 'dfuse')
}

const program = (shows: 'dfu-runtime' | 'no-dfu' | 'dark', productId = 0x0011) =>
  Uint8Array.from(
    stProgram({ ids: { vendorId: 0x1209, productId }, release: 0x0102, shows }, flashBase, someBytes(9_000)),
  )

describe('a flash of an STM32', () => {
  it('goes to the sectors it touches and to no other, and starts the program at its address', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const run = await runJobOn(bench, { bytes, device: wish({ version: '1.02' }) })
    expect(run.fault).toBeNull()
    expect(bench.flash(bytes.length)).toEqual(bytes)
    // Of its two sectors the first is seen to be blank.
    expect(bench.device.account().sectorsErased).toBe(1)
    expect(run.closing.images).toMatchObject([
      { memory: 'Internal Flash', alternate: 0, address: flashBase, proof: 'read-back', action: 'written' },
    ])
    expect(run.opening.plan.join('\n')).toContain('Note: left alone: Option Bytes, OTP Memory, Device Feature')
    expect(bench.device.mode()).toBe('normal')
  })

  it('starts in its program, by DFU_DETACH into the ROM', async () => {
    const bench = openJobBench({ platform: 'stm32', start: 'normal', device: { program: 'dfu-runtime' } })
    const run = await runJobOn(bench, { bytes, device: wish() })
    expect(run.fault).toBeNull()
    expect(run.steps[0]).toBe('Enter DFU: done')
    expect(run.closing.deviceAfter).toMatchObject({ mode: 'normal', revision: 0x0102 })
  })

  it('writes each element of a file to its memory, and proves each', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const second = someBytes(3_000, 7)
    const elements = [
      { address: flashBase, data: bytes },
      { address: flashBase + 0x10_000, data: second },
    ]
    const file = dfuseFile([{ alternate: 0, elements }])
    const run = await runJobOn(bench, { bytes: file, file: 'app.dfu', device: wish({ address: null }) })
    expect(run.fault).toBeNull()
    expect(run.closing.images).toMatchObject([
      { position: 1, address: flashBase, proof: 'read-back' },
      { position: 2, address: flashBase + 0x10_000, proof: 'read-back' },
    ])
    expect(bench.device.memory(0).subarray(0x10_000, 0x10_000 + second.length)).toEqual(second)
  })

  it('erases everything only where the recipe says so', async () => {
    const old = imageFor('stm32', 0x0101, 200_000)
    const bench = openJobBench({ platform: 'stm32' })
    await runJobOn(bench, { bytes: old, device: wish({ afterwards: 'stay' }) })
    await runJobOn(bench, { bytes, device: wish({ afterwards: 'stay' }) })
    expect(
      bench.device
        .memory(0)
        .subarray(190_000, 200_000)
        .every((byte) => byte === 0xff),
    ).toBe(false)
    const run = await runJobOn(bench, { bytes, device: wish({ erase: 'all' }) })
    expect(run.fault).toBeNull()
    expect(run.steps[0]).toBe('Erase memory 0: done')
    expect(
      bench.device
        .memory(0)
        .subarray(bytes.length)
        .every((byte) => byte === 0xff),
    ).toBe(true)
  })

  it('passes a program without DFU, or without USB, on what was read back alone', async () => {
    for (const shows of ['no-dfu', 'dark'] as const) {
      for (const productId of [0x0011, 0x0012]) {
        const bench = openJobBench({ platform: 'stm32' })
        const run = await runJobOn(bench, { bytes: program(shows, productId), device: wish() })
        expect(run.fault).toBeNull()
        expect(run.closing).toMatchObject({ deviceAfter: null, images: [{ proof: 'read-back' }] })
        const reported = { bytes: program(shows, productId), device: wish({ verify: 'reported' }) }
        const unread = await runJobOn(openJobBench({ platform: 'stm32' }), reported)
        const isNamed = shows === 'no-dfu' && productId === 0x0011
        expect(unread.fault?.code ?? unread.closing.images[0]?.proof).toBe(
          isNamed ? 'reported-status' : 'MODE_SWITCH_TIMEOUT',
        )
      }
    }
  })

  it('fails where the recipe wants a version and nobody reports one', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const run = await runJobOn(bench, { bytes: program('dark'), device: wish({ version: '1.02' }) })
    expect(run.fault).toMatchObject({ code: 'VERSION_MISMATCH', detail: expect.stringContaining('nobody reports') })
    expect(run.closing.images).toMatchObject([{ proof: 'read-back' }])
  })

  it('leaves a device alone that holds everything', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    await runJobOn(bench, { bytes, device: wish({ afterwards: 'stay' }) })
    const before = bench.device.account().bytesProgrammed
    const run = await runJobOn(bench, { bytes, device: wish() })
    expect(run.closing.images).toMatchObject([{ proof: 'read-back', action: 'unchanged' }])
    expect(bench.device.account().bytesProgrammed).toBe(before)
  })
})

describe('protection of an STM32', () => {
  it('is left in place, unless the recipe says remove', async () => {
    const bench = openJobBench({ platform: 'stm32-protected' })
    const kept = await runJobOn(bench, { bytes, device: wishFor('stm32-protected') })
    expect(kept.fault?.code).toBe('READ_PROTECTED')
    expect(bench.device.account().sectorsErased).toBe(0)
    const removed = await runJobOn(bench, { bytes, device: wishFor('stm32-protected', { readProtection: 'remove' }) })
    expect(removed.fault).toBeNull()
    expect(removed.steps[0]).toBe('Remove read protection: done')
    expect(bench.flash(bytes.length)).toEqual(bytes)
  })

  it('is not removed where there is none: what can be read keeps what it holds', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const device = wish({ readProtection: 'remove', afterwards: 'stay' })
    await runJobOn(bench, { bytes, device })
    const again = await runJobOn(bench, { bytes, device })
    expect(again.closing.images).toMatchObject([{ action: 'unchanged', proof: 'read-back' }])
    expect(again.closing.steps[0]).toMatchObject({ detail: expect.stringContaining('no protection') })
  })
})

describe('pieces that share a sector', () => {
  const [boot, app, news] = [1, 2, 3].map((seed) => someBytes(256, seed)) as [Uint8Array, Uint8Array, Uint8Array]
  const both = (first: Uint8Array, second: Uint8Array, gap: number) =>
    dfuseFile([
      {
        alternate: 0,
        elements: [
          { address: flashBase, data: first },
          { address: flashBase + gap, data: second },
          { address: flashBase + 0x2_0000, data: boot },
        ],
      },
    ])
  const run = (bench: ReturnType<typeof openJobBench>, bytes: Uint8Array) =>
    runJobOn(bench, { bytes, file: 'two.dfu', device: wish({ address: null, afterwards: 'stay' }) })

  it.each([
    { what: 'the second is new', gap: 0x400, first: boot, second: news },
    { what: 'the second is new, farther on', gap: 0x2000, first: boot, second: news },
    { what: 'the first is new', gap: 0x400, first: news, second: app },
  ])('are all written where one is, for the erase takes the others along: $what', async ({ gap, first, second }) => {
    const bench = openJobBench({ platform: 'stm32', start: 'dfu' })
    expect((await run(bench, both(boot, app, gap))).outcome).toBe('pass')
    const { outcome, closing } = await run(bench, both(first, second, gap))
    expect(outcome).toBe('pass')
    expect(closing.images.map(({ action }) => action)).toEqual(['written', 'written', 'unchanged'])
    const flash = bench.device.memory(0)
    expect(flash.subarray(0, 256)).toEqual(first)
    expect(flash.subarray(gap, gap + 256)).toEqual(second)
  })

  it('are left alone where all of them are there', async () => {
    const bench = openJobBench({ platform: 'stm32', start: 'dfu' })
    await run(bench, both(boot, app, 0x400))
    const { sectorsErased } = bench.device.account()
    const { closing } = await run(bench, both(boot, app, 0x400))
    expect(closing.images.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(bench.device.account().sectorsErased).toBe(sectorsErased)
  })
})

describe('option bytes of an STM32', () => {
  const options = Uint8Array.from([0xed, 0xaa, 0xff, 0xff, ...new Uint8Array(12).fill(0xff)])
  const file = dfuseFile([
    { alternate: 0, elements: [{ address: flashBase, data: bytes }] },
    { alternate: 1, elements: [{ address: 0x1fff_c000, data: options }] },
  ])
  const both = { bytes: file, file: 'app.dfu' } as const

  it('are never written unless the recipe names them, and then nothing else is either', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const run = await runJobOn(bench, { ...both, device: wish({ address: null }) })
    expect(run.fault).toMatchObject({ code: 'PLAN_REFUSED', detail: expect.stringContaining('"option-bytes"') })
    expect(bench.device.account().bytesProgrammed).toBe(0)
    const otp = await runJobOn(bench, { ...both, device: wish({ address: null, allow: ['otp'] }) })
    expect(otp.fault?.code).toBe('PLAN_REFUSED')
  })

  it('are written where it does, across the reset that makes them good', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const run = await runJobOn(bench, { ...both, device: wish({ address: null, allow: ['option-bytes'] }) })
    expect(run.fault).toBeNull()
    expect(bench.device.memory(1).subarray(0, 16)).toEqual(options)
    expect(run.closing.images.map(({ proof }) => proof)).toEqual(['read-back', 'read-back'])
  })
})
