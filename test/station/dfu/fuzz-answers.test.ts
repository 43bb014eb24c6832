// Devices that answer anything at any time: no crash (Faults only, and none that is a bug of ours), no hang (transfers and
// time have bounds), and no false PASS: what compares equal is in the memory of the device. Time is virtual.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detach } from '../../../src/main/station/dfu/detach.ts'
import { readAllDfuFacts, readDfuFacts } from '../../../src/main/station/dfu/facts.ts'
import { type DfuHabits, plainHabits } from '../../../src/main/station/dfu/habits.ts'
import type { LoaderSession } from '../../../src/main/station/dfu/loader-session.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { noise } from './boards.ts'
import { functionalBytes, head, interfaceBytes, LoaderDevice, type Reply, type Seen } from './loader-device.ts'
import { never, openOn } from './open-test-loader.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0x7fff_ffff)
const loaderRuns = 50_000
const programRuns = 5_000
const downloads = ({ log }: LoaderDevice) => log.filter(({ name }) => name === 'DNLOAD').length
/** Each request that starts work may take its deadline; a manifestation, a mass erase and all that is asked besides, minutes. */
const mostMs = (target: LoaderDevice) => 900_000 + 40_000 * downloads(target)
/** A device that stays busy is asked 64 times as often as it likes, then ten times a second. */
const mostTransfers = (target: LoaderDevice) => 6_000 + 450 * downloads(target)
const base = 0x08000000

/** What happens instead of the honest answer to a request. */
type Trick =
  | { readonly kind: 'stall' | 'silent' | 'gone' | 'done and stall' | 'done and silent' | 'only said' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly keeps: number }
  | { readonly kind: 'status'; readonly at: number; readonly value: number }

/** null but for one of so many. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, of: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: of - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

const byte = fc.nat({ max: 255 })
const trick: fc.Arbitrary<Trick> = fc.oneof(
  fc.record({ kind: fc.constantFrom('stall', 'silent', 'done and stall', 'done and silent', 'only said') }),
  fc.record({ kind: fc.constant('gone') }),
  fc.record({ kind: fc.constant('bytes'), bytes: fc.uint8Array({ maxLength: 12 }) }),
  fc.record({
    kind: fc.constant('bytes'),
    bytes: fc.tuple(byte, byte, byte, byte, fc.nat({ max: 12 }), byte).map((six) => Uint8Array.from(six)),
  }),
  fc.record({ kind: fc.constant('cut'), keeps: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('status'), at: fc.nat({ max: 5 }), value: fc.oneof(byte, fc.nat({ max: 15 })) }),
) as fc.Arbitrary<Trick>

interface Plan {
  /** By number of the request. */
  readonly tricks: readonly { readonly at: number; readonly trick: Trick }[]
  /** From that request on, always. */
  readonly forGood: { readonly from: number; readonly trick: Trick } | null
}
const plan: fc.Arbitrary<Plan> = fc.record({
  tricks: fc.array(fc.record({ at: fc.nat({ max: 60 }), trick }), { maxLength: 4 }),
  forGood: rarely(fc.record({ from: fc.nat({ max: 60 }), trick }), 6),
})

const flags = Object.keys(plainHabits).filter((name) => plainHabits[name as keyof DfuHabits] === false)
const habits: fc.Arbitrary<Partial<DfuHabits>> = fc
  .record({
    on: fc.array(fc.constantFrom(...flags.filter((name) => name !== 'legacyProtocol')), { maxLength: 3 }),
    forcedVersion: rarely(fc.constantFrom(0, 0x0100, 0x0110, 0x011a, 0xff01), 4),
    forcedTransferBytes: rarely(fc.constantFrom(0, 8, 32, 64, 0xffff), 4),
    forcedTimeoutMs: rarely(fc.constantFrom(0, 1, 5000), 4),
  })
  .map(({ on, ...forced }) => ({ ...Object.fromEntries(on.map((name) => [name, true])), ...forced }))

const goodMap = '@Flash /0x08000000/8*64Bg,1*512Bg'
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constant<string | null>(goodMap) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<string | null>(null, '', '@', 'Program', '@F /0x08000000/16*64Be', `${goodMap}\ucc50`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('@F /0x0/99999999*1Mg', '@F /0x08000000/99999999*1Bg', '@F/0xffffffff/1*1g'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }).map((text) => `@${text}`) },
)

const usual = [64, 64, 64, 16, 100, 256]
const device = fc
  .record({
    protocol: fc.constantFrom('dfu', 'dfuse'),
    sizeBytes: fc.constant(1024),
    sectorBytes: fc.constant(64),
    transferBytes: fc.constantFrom(...usual),
    announced: rarely(fc.constantFrom(0, 1, 64, 1024, 8192, 0xffff), 5),
    attributes: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(0x0b, 0x0f, 0x03, 0x07) },
      { weight: 1, arbitrary: byte },
    ),
    versionToo: rarely(fc.constantFrom(0, 0x0100, 0x0101, 0x4711, 0xff01), 8),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    workMs: fc.constantFrom(0, 0, 2, 300),
    pollMs: rarely(fc.constantFrom(0, 1, 500, 60_000, 0xffffff), 4),
    manifestMs: fc.constantFrom(0, 20, 900),
    ending: fc.constantFrom('answers', 'stalls', 'silent', 'gone'),
    state: fc.oneof({ weight: 5, arbitrary: fc.constant(2) }, { weight: 1, arbitrary: fc.nat({ max: 12 }) }),
    listsCommands: fc.constantFrom(true, true, true, false),
    isReadProtected: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
  .map(({ announced, versionToo, pollMs, ...options }) => ({
    ...options,
    ...(announced === null ? {} : { announcedTransferBytes: announced }),
    ...(versionToo === null ? {} : { version: versionToo }),
    ...(pollMs === null ? {} : { pollMs }),
  })) as fc.Arbitrary<ConstructorParameters<typeof LoaderDevice>[0]>

const descriptor = fc.oneof(
  fc.constantFrom(
    head,
    interfaceBytes(0, 10),
    interfaceBytes(1, 11),
    functionalBytes(0x0b, 64, 0x0110),
    [9, 4, 2, 0, 0, 3, 0, 0, 0],
  ),
  fc.array(byte, { maxLength: 10 }),
)
const configuration = rarely(
  fc.array(descriptor, { maxLength: 6 }).map((parts) => Uint8Array.from(parts.flat())),
  10,
)

const errand = fc.record({
  sizeBytes: fc.integer({ min: 0, max: 300 }),
  offset: fc.oneof(fc.constant(0), fc.nat({ max: 800 })),
  erase: fc.constantFrom(true, true, true, false),
  before: fc.constantFrom('nothing', 'nothing', 'nothing', 'mass erase', 'unprotect', 'read'),
  after: fc.constantFrom('leave', 'reset', 'close'),
  lost: rarely(fc.nat({ max: 6 }), 4),
})

/** Requests in their order, each answered honestly or with a trick. True in `hasLied` once memory was told that is none. */
function meddle(target: LoaderDevice, { tricks, forGood }: Plan): { hasLied: boolean } {
  const told = { hasLied: false }
  let count = -1
  target.meddle = (seen, honest) => {
    count += 1
    const found =
      tricks.find(({ at }) => at === count)?.trick ?? (forGood && count >= forGood.from ? forGood.trick : null)
    if (!found) return honest()
    if (seen.name === 'UPLOAD' && found.kind === 'bytes') told.hasLied = true
    if (seen.name === 'UPLOAD' && found.kind === 'status') told.hasLied = true
    return play(found, seen, honest)
  }
  return told
}

function play(trick: Trick, seen: Seen, honest: () => Reply): Reply {
  const isIn = seen.name === 'UPLOAD' || seen.name === 'GETSTATUS' || seen.name === 'STRING'
  switch (trick.kind) {
    case 'bytes':
      return isIn ? trick.bytes : honest()
    case 'only said':
      return isIn ? new Uint8Array(0) : 'ok'
    case 'done and stall':
      honest()
      return 'stall'
    case 'done and silent':
      honest()
      return 'silent'
    case 'cut': {
      const reply = honest()
      return typeof reply === 'string' ? reply : reply.subarray(0, trick.keeps)
    }
    case 'status': {
      const reply = honest()
      if (typeof reply === 'string' || reply.length === 0) return reply
      return reply.with(Math.min(trick.at, reply.length - 1), trick.value)
    }
    default:
      return trick.kind
  }
}

/**
 * A device that counts blocks by a larger size than the sensible one it announces, or a person forces upon it, gets gaps
 * from every host: no such device can be in use. Those that announce nonsense, or nothing, may count by what they like.
 */
function settleBlocks(target: LoaderDevice, held: Partial<DfuHabits>): void {
  const facts = readDfuFacts(target, { ...plainHabits, ...held })
  const told = facts?.announcedTransferBytes ?? null
  const size = facts?.transferBytes ?? 0
  if ((told === size || held.forcedTransferBytes === size) && size < target.transferBytes) target.blocksBy = 'order'
}

const counts = { runs: 0, passes: 0, faults: 0, caught: 0, transfers: 0 }
const codes = new Map<string, number>()

/** null when it ended in a Fault, and in none that is a bug. */
async function orFault<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act()
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'INTERNAL') throw thrown
    counts.faults += 1
    codes.set(thrown.code, (codes.get(thrown.code) ?? 0) + 1)
    return null
  }
}

type Errand = typeof errand extends fc.Arbitrary<infer T> ? T : never

async function doErrand(
  target: LoaderDevice,
  opened: LoaderSession,
  job: Errand & { readonly habits: Partial<DfuHabits> },
) {
  let loader = opened
  const address = loader.protocol === 'dfuse' ? base + job.offset : null
  const alternate = loader.memories[0]?.alternate ?? 0
  const image = noise(job.sizeBytes, job.sizeBytes + 1)
  if (job.before === 'mass erase') await orFault(() => loader.massErase(alternate))
  if (job.before === 'read') await orFault(() => loader.read({ alternate, address, sizeBytes: 100 }))
  const gone = job.before === 'unprotect' ? await orFault(() => loader.readUnprotect()) : null
  if (gone === 'gone') return false
  const written = await orFault(() => loader.write({ alternate, address, data: image, erase: job.erase }))
  if (!written) return false
  if (written.ended !== 'idle') {
    await orFault(() => loader.reset())
    await loader.close()
    target.returns()
    const again = await orFault(() => openOn(target, job.habits))
    if (!again || again.protocol !== opened.protocol) return false
    loader = again
  }
  const report = await orFault(() => loader.compare({ alternate, address, expected: image }))
  if (job.after !== 'close')
    await orFault<unknown>(() => (job.after === 'leave' ? loader.leave(address) : loader.reset()))
  await loader.close()
  if (report?.equal === false) counts.caught += 1
  return report?.equal === true
}

describe('a device that answers anything', () => {
  it('as a loader never makes the engine crash, hang, or believe what is not so', async () => {
    const case_ = fc.record({ device, plan, habits, errand, configuration })
    await fc.assert(
      fc.asyncProperty(
        case_,
        async ({ device: options, plan: tricks, habits: held, errand: job, configuration: bytes }) => {
          counts.runs += 1
          const target = new LoaderDevice({ ...options, ...(bytes && { configuration: bytes }) })
          settleBlocks(target, held)
          if (job.lost !== null) target.loses = (block) => block === job.lost
          const told = meddle(target, tricks)
          const loader = await orFault(() => openOn(target, held))
          const hasPassed = loader !== null && (await doErrand(target, loader, { ...job, habits: held }))
          await loader?.close()
          counts.transfers += target.log.length
          expect(target.isOpen).toBe(false)
          expect(target.log.length).toBeLessThan(mostTransfers(target))
          expect(target.elapsedMs).toBeLessThan(mostMs(target))
          if (!hasPassed || told.hasLied) return
          counts.passes += 1
          const from = loader?.protocol === 'dfuse' ? job.offset : 0
          const holds = Buffer.compare(
            target.memory.subarray(from, from + job.sizeBytes),
            noise(job.sizeBytes, job.sizeBytes + 1),
          )
          expect(holds).toBe(0)
        },
      ),
      { numRuns: loaderRuns, seed },
    )
    const { runs, passes, faults, caught, transfers } = counts
    const kinds = [...codes].sort(([, one], [, other]) => other - one).map(([code, times]) => `${code} ${times}`)
    console.info(
      `fuzz: FUZZ_SEED=${seed}, ${runs} loaders, ${passes} passed, ${caught} found to differ, ${faults} faults`,
    )
    console.info(`fuzz: ${transfers} transfers; ${kinds.join(', ')}`)
    // A fuzz in which nothing ever works, or nothing ever fails, proves nothing.
    expect(passes).toBeGreaterThan(runs / 10)
    expect(caught).toBeGreaterThan(runs / 200)
  }, 300_000)

  it('as a program never makes the engine crash or hang', async () => {
    const bits = fc.constantFrom(0x0b, 0x03, 0x00, 0xff)
    await fc.assert(
      fc.asyncProperty(bits, plan, habits, async (attributes, tricks, held) => {
        const parts = [...head, ...interfaceBytes(0, 0, { protocol: 1 }), ...functionalBytes(attributes, 64, 0x0110)]
        const target = new LoaderDevice({ configuration: Uint8Array.from(parts), state: 0 })
        meddle(target, tricks)
        await orFault(() => detach(target, { clock: target, signal: never, habits: { ...plainHabits, ...held } }))
        expect([target.isOpen, target.log.length < 200, target.elapsedMs < 300_000]).toEqual([false, true, true])
      }),
      { numRuns: programRuns, seed },
    )
  }, 120_000)

  it('in its descriptors comes to facts, or to none', () => {
    fc.assert(
      fc.property(configuration, habits, (bytes, held) => {
        const target = new LoaderDevice(bytes ? { configuration: bytes } : {})
        for (const { transferBytes } of readAllDfuFacts(target, { ...plainHabits, ...held })) {
          expect(transferBytes >= 1 && transferBytes <= 4096).toBe(true)
        }
      }),
      { numRuns: programRuns, seed },
    )
  })
})
