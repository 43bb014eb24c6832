// What holds for a DFU machine whatever a host sends to it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dfuRig, erase, type Rig, setAddress } from './machine-rig.ts'

const bases = { boron: 0x30000, photon: 0x08020000, p2: 0x08060000 } as const

function anyAct(base: number) {
  const address = fc.oneof(
    fc.nat(0x40000).map((n) => base + n),
    fc.nat(0xffffffff),
  )
  const payload = fc.oneof(
    address.map((at) => Uint8Array.from(setAddress(at))),
    address.map((at) => Uint8Array.from(erase(at))),
    fc.uint8Array({ minLength: 0, maxLength: 40 }),
  )
  return fc.oneof(
    fc.record({ name: fc.constant('dnload' as const), block: fc.nat(70), data: payload }),
    fc.record({
      name: fc.constantFrom('upload' as const, 'getstatus' as const, 'getstate' as const),
      block: fc.nat(5),
    }),
    fc.record({ name: fc.constantFrom('clrstatus' as const, 'abort' as const, 'detach' as const), block: fc.nat(5) }),
    fc.record({ name: fc.constant('alternate' as const), block: fc.nat(3) }),
  )
}

type Act = ReturnType<typeof anyAct> extends fc.Arbitrary<infer T> ? T : never

function perform(rig: Rig, act: Act): void {
  if (act.name === 'alternate') rig.face.selectAlternate(act.block)
  else if (act.name === 'dnload') rig.send('dnload', act.block, act.data)
  else if (act.name === 'clrstatus' || act.name === 'abort' || act.name === 'detach') rig.send(act.name, act.block)
  else rig.receive(act.name, act.block, act.name === 'upload' ? 64 : 6)
}

/** GETSTATUS, CLRSTATUS in dfuERROR (or a state that is none), ABORT elsewhere: what every host does first. */
function recover(rig: Rig): number | 'stall' {
  for (let tries = 0; tries < 6; tries += 1) {
    const now = rig.status()
    if (now !== 'stall' && now.state === 2) return now.state
    rig.send(now !== 'stall' && now.state >= 10 ? 'clrstatus' : 'abort')
  }
  return rig.state()
}

describe.each(['boron', 'photon', 'p2'] as const)('a %s under any sequence of requests', (platform) => {
  const acts = fc.array(anyAct(bases[platform]), { maxLength: 25 })

  it('answers each, and a host finds the way to dfuIDLE unless the board is about to leave', () => {
    fc.assert(
      fc.property(acts, fc.constantFrom('idle', 'error', 'dnload-idle', 'upload-idle'), (sequence, start) => {
        const rig = dfuRig(platform, { start })
        for (const act of sequence) perform(rig, act)
        const reached = recover(rig)
        // GETSTATUS in dfuMANIFEST-SYNC begins the leave; on Gen 2 nothing calls it back. A CLRSTATUS outside of dfuERROR
        // covers its state there, the reset comes all the same.
        const isLeaving = platform === 'photon' && rig.events.some((event) => event.startsWith('reset'))
        expect(isLeaving ? [8, 2] : [2]).toContain(reached)
      }),
      { numRuns: 200 },
    )
  })

  it('never touches flash while it is protected, nor below what it writes', () => {
    fc.assert(
      fc.property(acts, fc.boolean(), (sequence, isProtected) => {
        const shielded = isProtected && platform !== 'photon'
        const rig = dfuRig(platform, { protection: shielded ? 'protected' : 'open' })
        const { internal } = rig.chips
        const guarded = { boron: 0x1000, photon: 0x20000, p2: 0 }[platform]
        const bytes = shielded ? internal.sizeBytes : guarded
        internal.program(internal.base, new Uint8Array(guarded))
        const before = internal.read(internal.base, bytes)
        for (const act of sequence) perform(rig, act)
        expect(Buffer.compare(internal.read(internal.base, bytes), before)).toBe(0)
      }),
      { numRuns: 40 },
    )
  })
})
