// Every simulated device that needs a quirk, all on one bench at once, with the quirks that the station has built in: each
// is flashed as far as its product lets itself be, and proven by what it can give.
import { describe, expect, it } from 'vitest'
import { deviceKindNames } from '../../src/main/sim/generic/device-kinds.ts'
import { entryFor, idsOfKind, openDeviceLine, programFor } from './device-line.ts'

const version = 0x0102
const quirky = deviceKindNames.filter((kind) => kind.startsWith('quirk-'))
/** Those of one id are told apart by no recipe: one of them stands for the ROM of ST here, the others have a bench each. */
const rivals = quirky.filter((kind) => idsOfKind(kind).includes('0483:df11'))
const together = quirky.filter((kind) => !rivals.includes(kind))

/** Their loaders cannot be read back, or must not be. */
const unreadable = /jabra|flatfrog|sunplus|sonix/
/** Their programs offer no DFU: a hand has brought them into their loaders, and nothing tells their version afterwards. */
const byHand = /openmoko|lpc|maple/

function wishOf(kind: string): object {
  const memory = kind === 'quirk-maple' ? { memory: 1 } : {}
  return { ...memory, verify: unreadable.test(kind) || byHand.test(kind) ? 'reported' : 'read-back' }
}

function proofOf(kind: string): string {
  return unreadable.test(kind) || byHand.test(kind) ? 'reported-status' : 'read-back'
}

async function flash(kinds: readonly (typeof quirky)[number][]) {
  const images = kinds.map((kind) => programFor(kind, version))
  const line = await openDeviceLine({
    devices: kinds.map((platform) => ({ platform, ...(byHand.test(platform) && { start: 'dfu' }) })),
    files: Object.fromEntries(kinds.map((kind, at) => [`${kind}.bin`, images[at] ?? new Uint8Array()])),
    recipe: kinds.map((kind) => entryFor(kind, `${kind}.bin`, wishOf(kind))),
  })
  const slots = await line.verdicts()
  const held = kinds.map((kind, at) => {
    const memory = line.devices[at]?.memory(kind === 'quirk-maple' ? 1 : 0) ?? new Uint8Array()
    return Buffer.from(memory).indexOf(images[at] ?? '')
  })
  const proofs = line.records().map(({ slot, closing }) => [slot, closing?.images.map(({ proof }) => proof).join()])
  return slots.map(({ slot, state, fault }, at) => ({
    ...{ kind: kinds[at], state, fault, heldAt: held[at], proof: new Map(proofs as [number, string][]).get(slot) },
  }))
}

function expected(kind: string) {
  return { kind, state: 'passed', fault: null, heldAt: 0, proof: proofOf(kind) }
}

describe('devices that depart from the standard', () => {
  it(`all ${together.length} at once are flashed and proven`, async () => {
    expect(await flash(together)).toEqual(together.map(expected))
  })

  it.each(rivals)('%s', async (kind) => {
    expect(await flash([kind])).toEqual([expected(kind)])
  })
})
