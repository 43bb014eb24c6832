// Every simulated device that needs a quirk needs it: a host that keeps to the standard fails on it, or does not live to
// see the end, and the same host with the quirks of that product flashes it.
import { describe, expect, it } from 'vitest'
import type { DeviceKindName } from '../../../src/main/sim/generic/device-kinds.ts'
import { imageFor } from './device-images.ts'
import { kindBench } from './kind-bench.ts'
import { flash, restart } from './reference-flash.ts'
import type { Quirk } from './reference-host.ts'

interface Row {
  readonly kind: DeviceKindName
  /** What it needs, and what a host meets that has all others of them but that one. */
  readonly quirks: Partial<Record<Quirk, RegExp>>
  readonly start?: 'normal' | 'dfu'
}

const tooLong = /takes too long/
const stays = /does not come back/
const nonsense = ['openpcd', 'openpicc', 'simtrace', 'siemens-pxm40', 'siemens-pxm50', 'maudio'] as const
const detaching = [
  ...(['realtek', 'aver-atlas', 'aver-cam520', 'flatfrog'] as const),
  ...(['sunplus-0b1e', 'sunplus-0b22', 'sonix-636c', 'sonix-636d'] as const),
]
const jabra = ['410', '510', '710', '810'] as const

const rows: readonly Row[] = [
  ...nonsense.map((name): Row => ({ kind: `quirk-${name}`, quirks: { 'ignore-polltimeout': tooLong } })),
  ...detaching.map((name): Row => ({ kind: `quirk-${name}`, quirks: { 'detach-for-attach': stays } })),
  ...jabra.map(
    (name): Row => ({
      kind: `quirk-jabra-${name}`,
      quirks: { 'no-pid-change': stays, 'ignore-upload': /other bytes/, 'attach-extra-reset': stays },
    }),
  ),
  { kind: 'quirk-sunplus-0b1d', quirks: { 'ignore-polltimeout': tooLong, 'detach-for-attach': stays } },
  {
    kind: 'quirk-openmoko',
    start: 'normal',
    quirks: {
      'ignore-polltimeout': tooLong,
      'no-pid-change': stays,
      'needs-bootloader': /no DFU interface/,
      'no-get-status-upload': /USB_STALL/,
    },
  },
  {
    kind: 'quirk-poly-studio',
    quirks: { 'manifest-poll': tooLong, 'no-bus-reset-attach': stays, 'index-force-detach': stays },
  },
  { kind: 'quirk-poly-cube', quirks: { 'manifest-poll': tooLong } },
  { kind: 'quirk-lpc', quirks: { 'force-dfu-mode': /USB_STALL/ } },
  { kind: 'quirk-maple', quirks: { 'force-version-0110': /no memory map/ } },
  { kind: 'quirk-st-sector-size', quirks: { 'absent-sector-size': /no memory map/ } },
  { kind: 'quirk-st-disappears', quirks: { 'will-disappear': stays } },
  { kind: 'quirk-st-version', quirks: { 'force-version-011a': /status 15/ } },
  { kind: 'quirk-st-timeout', quirks: { 'force-timeout': /USB_TIMEOUT/ } },
  { kind: 'quirk-gd32', quirks: { gd32: /other bytes/, 'will-disappear': stays } },
  { kind: 'quirk-hydrabus', start: 'normal', quirks: { 'needs-bootloader': /no DFU interface/ } },
]

function jobFor(kind: DeviceKindName) {
  const image = imageFor(kind, { sizeBytes: 40_000 })
  // Who takes a Maple for a DfuSe device gives it the address that its string tells.
  return kind === 'quirk-maple' ? { ...image, address: 0x08005000 } : image
}

describe.each(rows)('$kind', ({ kind, quirks, start }) => {
  const needed = Object.keys(quirks) as Quirk[]

  it.each(Object.entries(quirks))('needs %s', async (missing, met) => {
    const bench = kindBench(kind, start ? { start } : {})
    const others = needed.filter((quirk) => quirk !== missing)
    await expect(flash(bench, jobFor(kind), others)).rejects.toThrow(met)
  })

  it(`is flashed with ${needed.join(', ')}`, async () => {
    const bench = kindBench(kind, start ? { start } : {})
    const job = jobFor(kind)
    expect(await flash(bench, job, needed)).toBeLessThan(120_000)
    const { bytes, memory, release, ids } = job
    expect(Buffer.from(bench.device.memory(memory).subarray(0, bytes.length)).equals(bytes)).toBe(true)
    if (needed.includes('will-disappear')) expect(bench.device.mode()).toBe('dark')
    else expect(bench.bus.devices()[0]).toMatchObject({ ...ids.normal, deviceRelease: release })
  })
})

describe.each(['quirk-poly-studio', 'quirk-poly-cube'] as const)('%s', (kind) => {
  it('takes five times as long for a host that has no allow-zero-polltimeout', async () => {
    const quirks = ['manifest-poll', 'no-bus-reset-attach', 'index-force-detach'] as const
    const own = kind === 'quirk-poly-cube' ? quirks.slice(0, 1) : quirks
    const msFor = (sizeBytes: number, wanted: readonly Quirk[]) =>
      flash(kindBench(kind), imageFor(kind, { sizeBytes }), wanted)
    const quick = [...own, 'allow-zero-polltimeout'] as const
    // Into the loader, its manifestation, and back.
    const restMs = await msFor(1024, quick)
    const [slowMs, quickMs] = [await msFor(120_000, own), await msFor(120_000, quick)]
    expect((slowMs - restMs) / (quickMs - restMs)).toBeGreaterThan(5)
  })
})

describe.each(['quirk-mstack-1003', 'quirk-mstack-1008', 'quirk-mstack-100a'] as const)('%s', (kind) => {
  it('starts its program only after an upload or a download: attach-upload-download', async () => {
    await expect(restart(kindBench(kind, { start: 'dfu' }), [])).rejects.toThrow(stays)
    const bench = kindBench(kind, { start: 'dfu' })
    await restart(bench, ['attach-upload-download'])
    expect(bench.device.mode()).toBe('normal')
  })

  it('needs nothing after a download', async () => {
    const bench = kindBench(kind)
    const { ids, release } = imageFor(kind)
    await flash(bench, imageFor(kind))
    expect(bench.bus.devices()[0]).toMatchObject({ ...ids.normal, deviceRelease: release })
  })
})
