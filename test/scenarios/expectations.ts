// What scenarios expect of slots, records and flash, said once.

import assert from 'node:assert/strict'
import { particleOf } from '../../src/shared/model/identity.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import type { FlashImage } from '../line/flash-images.ts'
import type { FlashReading, Ground, ScenarioBench, WitnessedBench } from './ground.ts'

/** The slot in a few words: its verdict, or the state it is in, and the fault. */
export function verdictOf({ state, fault }: SlotView): string {
  return fault ? `${state} ${fault.code}` : state
}

/** Every slot passed with its own board, as its newest record says too. */
export function expectPassed(bench: ScenarioBench, slots: readonly SlotView[]): void {
  assert.deepEqual(
    slots.map((view) => `${view.slot} ${verdictOf(view)} ${view.fault?.detail ?? ''}`.trim()),
    slots.map(({ slot }) => `${slot} passed`),
  )
  for (const { slot, board, job } of slots) {
    const record = bench.under.ledger.record(job?.recordId ?? '')
    assert.deepEqual(
      [particleOf(board)?.deviceId, record?.deviceId, record?.slot, record?.closing?.outcome, record?.closing?.fault],
      [record?.deviceId, particleOf(board)?.deviceId, slot, 'pass', null],
    )
    expectProven(record)
  }
}

/** A PASS in the ledger has every module on its target, with a proof. */
function expectProven(record: LedgerRecord | null): void {
  const modules = record?.closing?.modules ?? []
  assert.ok(modules.length > 0)
  for (const { kind, index, after, target, proof } of modules) {
    assert.ok(proof !== 'none' && after === target, `${kind} ${index}: ${after}, wanted ${target}, proof ${proof}`)
  }
}

/** The ledger holds so many records, all closed, each after its own device, and its chain is whole. */
export async function expectLedger(bench: ScenarioBench, records: number): Promise<void> {
  const { ledger } = bench.under
  assert.equal(ledger.search({ outcome: 'open' }).total, 0)
  assert.equal(ledger.search({}).total, records)
  const { ok, problems } = await ledger.verify()
  assert.deepEqual({ ok, problems }, { ok: true, problems: [] })
}

/** Reads what lies closer together than this in one go. */
const mergedGapBytes = 512 * 1024

/** Every file of the set lies on the boards in these slots byte for byte, as the witness reads them. Ends the station. */
export async function expectFlash(bench: WitnessedBench, ground: Ground, slots: readonly number[]): Promise<void> {
  const platforms = new Map(bench.slots().map(({ slot, board }) => [slot, particleOf(board)?.platform]))
  const readings = slots.flatMap((slot) =>
    rangesOf(imagesFor(ground, platforms.get(slot))).map((range) => ({ slot, ...range })),
  )
  const found = await bench.witness(readings)
  for (const [at, { slot, address, sizeBytes }] of readings.entries()) {
    const read = found[at] ?? new Uint8Array()
    assert.equal(read.length, sizeBytes)
    for (const image of imagesFor(ground, platforms.get(slot))) {
      const from = image.address - address
      if (from < 0 || from >= sizeBytes) continue
      const lies = read.subarray(from, from + image.bytes.length)
      assert.equal(Buffer.compare(lies, image.bytes), 0, `slot ${slot}: ${image.file} differs`)
    }
  }
}

function imagesFor({ firmware }: Ground, platform: string | undefined): readonly FlashImage[] {
  const images = new Map<string | undefined, readonly FlashImage[]>(Object.entries(firmware.images)).get(platform)
  assert.ok(images, `no images for ${platform}`)
  return images
}

type Range = Omit<FlashReading, 'slot'>

function rangesOf(images: readonly FlashImage[]): readonly Range[] {
  const ranges: { readonly address: number; sizeBytes: number }[] = []
  for (const { address, bytes } of images.toSorted((a, b) => a.address - b.address)) {
    const last = ranges.at(-1)
    const isNear = last && address <= last.address + last.sizeBytes + mergedGapBytes
    if (isNear) last.sizeBytes = Math.max(last.sizeBytes, address + bytes.length - last.address)
    else ranges.push({ address, sizeBytes: bytes.length })
  }
  return ranges
}
