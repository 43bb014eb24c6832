// DFU devices of all kinds through the whole line, many at once: each gets its own image and no other, the record says
// how it was proven, and two that say the same serial number are told apart by their ports.
import { describe, expect, it } from 'vitest'
import type { DeviceKindName } from '../../src/main/sim/generic/device-kinds.ts'
import type { SimulatedDfuDevice } from '../../src/main/sim/generic/dfu-device.ts'
import { usbIdText } from '../../src/shared/model/dfu-identity.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import { type DeviceEntry, entryFor, idsOfKind, openDeviceLine, programFor } from './device-line.ts'

const kinds = ['stm32', 'dfu', 'dfu-nontolerant', 'dfu-noupload', 'dfu-wrong-descriptor', 'dfu-liar'] as const
const version = 0x0102

/** Eight of each kind; of each kind two say the same serial number, and one says none. */
const bench: readonly DeviceEntry[] = kinds.flatMap((platform) => [
  { platform, count: 5 },
  { platform, count: 2, serial: 'same' },
  { platform, serial: 'none' },
])
const images = new Map(kinds.map((kind) => [kind as string, programFor(kind, version)]))

/** By the ids of either mode. */
const kindById = new Map(kinds.flatMap((kind) => idsOfKind(kind).map((id) => [id, kind] as const)))

function memoryOf(device: SimulatedDfuDevice): string {
  const image = images.get(device.spec.kind)
  return Buffer.from(device.memory(0).subarray(0, image?.length ?? 0)).toString('base64')
}

function imageOf(device: SimulatedDfuDevice): string {
  return Buffer.from(images.get(device.spec.kind) ?? []).toString('base64')
}

describe('six kinds of device, eight of each at once', () => {
  it('each hold their own image, are proven as far as they let themselves be, and are not mixed up', async () => {
    const line = await openDeviceLine({
      devices: bench,
      files: Object.fromEntries(kinds.map((kind) => [`${kind}.bin`, images.get(kind) ?? new Uint8Array()])),
      recipe: kinds.map((kind) => entryFor(kind, `${kind}.bin`, wishOf(kind))),
    })
    const slots = await line.verdicts()
    expect(slots.map(inWords)).toEqual(line.devices.map(({ spec }, at) => `${at + 1} ${spec.kind} passed`))
    expect(line.devices.map(memoryOf)).toEqual(line.devices.map(imageOf))
    const records = line.records()
    expect(records).toHaveLength(48)
    for (const record of records) expectTruth(record, line.devices[record.slot - 1])
    expect(line.ledger.search({ outcome: 'open' }).total).toBe(0)
    expect(await line.ledger.verify()).toMatchObject({ ok: true, problems: [] })
  })
})

function inWords({ slot, state, board, fault }: SlotView): string {
  const type = board?.kind === 'dfu' ? (kindById.get(usbIdText(board)) ?? '?') : '?'
  return [slot, type, state, fault && `${fault.code} ${fault.detail}`].filter(Boolean).join(' ')
}

function wishOf(kind: DeviceKindName): object {
  return { version: '1.02', ...(kind === 'dfu-noupload' && { verify: 'reported' }) }
}

/** The record speaks of the device in its slot: its kind, its serial number or why it tells nothing, its image. */
function expectTruth(
  { device, closing, platform, deviceId }: LedgerRecord,
  found: SimulatedDfuDevice | undefined,
): void {
  if (!found || !device) throw new Error('no device in the slot of a record')
  const { kind, serialNumber } = found.spec
  expect([platform, deviceId]).toEqual([null, null])
  expect(device.serialNumber.known ? device.serialNumber.value : null).toBe(serialNumber)
  expect(closing).toMatchObject({ outcome: 'pass', modules: [], deviceAfter: { mode: 'normal', revision: version } })
  expect(closing?.deviceAfter?.twins).toHaveLength(serialNumber === '000000000001' ? 1 : 0)
  const proof = kind === 'dfu-noupload' ? 'reported-version' : 'read-back'
  expect(closing?.images).toMatchObject([
    { position: 1, sizeBytes: images.get(kind)?.length, proof, action: 'written' },
  ])
}
