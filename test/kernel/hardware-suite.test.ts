// The hardware acceptance test itself, on simulated boards that the kernel takes for real: every step passes on boards
// that are as the simulator says, and a board that is otherwise is told for what it is. Steps that write need real
// firmware (STATION_FIRMWARE, or the folder beside the repository), for the station gives boards no other.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { makeFacts } from '../../src/main/sim/board-identity.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import { Bench, silentLog, until } from './bench.ts'

const suite = join(import.meta.dirname, '../hardware/acceptance.test.ts')
const firmware = resolve(process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../shared/firmware'))
const inFirmware = (paths: readonly string[]) => paths.map((path) => join(firmware, path))
const userFiles = inFirmware(['boron/4.0.2/tinker.bin', 'p2/5.3.1/tinker.bin', 'photon/2.3.1/tinker.bin'])
const sets = inFirmware(['photon/2.3.1', 'photon/2.0.1', 'boron/4.0.2', 'restore/5.6.0/p2.zip'])
const missing = [...userFiles, ...sets].filter((path) => !existsSync(path))
const skip =
  missing.length === 0 || process.env['CI'] === 'true' ? false : `no real firmware: ${missing.join(', ')} not found`
const walkLimitMs = 200_000

interface Told {
  readonly step: string
  readonly platform: string
  readonly deviceId: string
}
interface Report {
  readonly steps: readonly string[]
  readonly facts: readonly (Told & { what: string; measuredMs: number; samples: number; modelMs: number | null })[]
  readonly differences: readonly (Told & { what: string; found: string; simulator: string })[]
  readonly notes: readonly (Told & { text: string })[]
  readonly failures: readonly (Told & { code: string; detail: string })[]
}
interface Walk {
  readonly code: number
  readonly output: string
  readonly report: Report
}

let folder: string
let walks = 0

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardware-suite-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

interface WalkRequest {
  readonly boards: readonly object[]
  readonly speed: number
  readonly variables: Readonly<Record<string, string>>
}

/** Plugs the boards in, lets the suite walk, and takes them out again. */
async function walk(t: TestContext, { boards, speed, variables }: WalkRequest): Promise<Walk> {
  const bench = new Bench()
  const startedMs = systemClock.monotonic()
  try {
    await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, speed)
    await untilEnumerated(boards.length)
    walks += 1
    const reportPath = join(folder, `walk-${walks}.json`)
    const own = { STATION_HARDWARE_REPORT: reportPath, STATION_HARDWARE_SPEED: String(speed) }
    const walked = await run({ ...process.env, STATION_HARDWARE: '1', ...own, ...variables })
    t.diagnostic(`${((systemClock.monotonic() - startedMs) / 1000).toFixed(1)} s`)
    if (!existsSync(reportPath)) throw new Error(`no report: ${walked.output}`)
    return { ...walked, report: JSON.parse(readFileSync(reportPath, 'utf8')) as Report }
  } finally {
    bench.end()
  }
}

function run(env: NodeJS.ProcessEnv): Promise<Omit<Walk, 'report'>> {
  const { promise, resolve: done } = Promise.withResolvers<Omit<Walk, 'report'>>()
  // Under a test runner node:test would speak its own language instead of words.
  const { NODE_TEST_CONTEXT: _, ...own } = env
  execFile(process.execPath, [suite], { env: own, timeout: walkLimitMs }, (error, stdout, stderr) => {
    const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
    done({ code, output: `${stdout}${stderr}` })
  })
  return promise
}

async function untilEnumerated(count: number): Promise<void> {
  const bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  try {
    await until(() => bus.devices().length === count)
  } finally {
    await bus[Symbol.asyncDispose]()
  }
}

function timesOf({ facts }: Report, step: string, what: RegExp): ReadonlyMap<string, number> {
  const found = facts.filter((fact) => fact.step === step && what.test(fact.what))
  return new Map(found.map(({ deviceId, measuredMs }) => [deviceId, measuredMs]))
}

describe('the hardware acceptance test', () => {
  it('says why it does nothing when it is not asked for', async () => {
    const { code, output } = await run({ ...process.env, STATION_HARDWARE: '' })
    assert.equal(code, 0)
    assert.match(output, /^SKIPPED hardware tests: .*STATION_HARDWARE=1.*\n$/)
  })

  it('fails without a board, and on a step that it does not know', async () => {
    const none = await run({
      ...process.env,
      STATION_HARDWARE: '1',
      STATION_HARDWARE_REPORT: join(folder, 'none.json'),
    })
    assert.equal(none.code, 1)
    assert.match(none.output, /no Particle board is plugged in/)
    const unknown = await run({ ...process.env, STATION_HARDWARE: '1', STATION_HARDWARE_STEPS: 'look,leap' })
    assert.equal(unknown.code, 1)
    assert.match(unknown.output, /STATION_HARDWARE_STEPS: no step "leap"/)
  })

  it('writes nothing unless told to, finds boards as they should be, and tells what one shows otherwise', async (t) => {
    const boards = [
      { platform: 'boron' },
      { platform: 'p2', start: 'dfu' },
      { platform: 'photon' },
      { platform: 'boron', faults: ['upper case serial'] },
    ]
    const { code, output, report } = await walk(t, { boards, speed: 8, variables: {} })
    assert.equal(code, 0, output)
    assert.deepEqual(report.steps, ['look', 'modes', 'read'])
    assert.deepEqual(report.failures, [])
    const odd = makeFacts('boron', 3).deviceId
    assert.deepEqual(
      report.differences.map(({ step, deviceId, what, found, simulator }) => [step, deviceId, what, found, simulator]),
      [
        ['look', odd, 'string 3, normal mode', JSON.stringify(odd.toUpperCase()), JSON.stringify(odd)],
        ['modes', odd, 'string 3, dfu mode', JSON.stringify(odd.toUpperCase()), JSON.stringify(odd)],
      ],
    )
    for (const what of [/^request to leaving/, /to DFU mode$/, /^leave to/, /to normal mode$/, /without its modem$/]) {
      assert.equal(timesOf(report, 'modes', what).size, boards.length, String(what))
    }
    assert.equal(timesOf(report, 'modes', /^ICCID/).size, 2)
    assert.equal(timesOf(report, 'read', /^4 KiB read back$/).size, boards.length)
    t.diagnostic(`${report.facts.length} facts`)
  })

  it('tells which board never comes back, and walks on with the others', async (t) => {
    const boards = [{ platform: 'photon', faults: ['never comes back into dfu'] }, { platform: 'p2' }]
    const variables = { STATION_HARDWARE_STEPS: 'modes,read' }
    const { code, output, report } = await walk(t, { boards, speed: 20, variables })
    assert.equal(code, 1, output)
    const lost = makeFacts('photon', 0).deviceId
    assert.deepEqual(
      report.failures.map(({ step, deviceId, code: fault }) => [step, deviceId, fault]),
      [['modes', lost, 'MODE_SWITCH_TIMEOUT']],
    )
    assert.match(output, new RegExp(`read: photon ${lost}.*# its walk ended with "modes": MODE_SWITCH_TIMEOUT`))
    assert.deepEqual([...timesOf(report, 'read', /read back/).keys()], [makeFacts('p2', 1).deviceId])
  })

  it('exchanges the application and gives the first one back, with the times of the flash', { skip }, async (t) => {
    assert.deepEqual(missing, [])
    const boards = [
      { platform: 'boron', deviceOs: '4.0.2' },
      { platform: 'boron', deviceOs: '4.0.2', faults: ['flash slow by factor 10'] },
      { platform: 'p2', deviceOs: '5.6.0' },
      { platform: 'photon', deviceOs: '2.3.1' },
    ]
    const variables = { STATION_HARDWARE_STEPS: 'write', STATION_HARDWARE_USER: userFiles.join(',') }
    const { code, output, report } = await walk(t, { boards, speed: 10, variables })
    assert.equal(code, 0, output)
    assert.deepEqual(report.failures, [])
    const programs = timesOf(report, 'write', /^4 KiB programmed$/)
    assert.equal(programs.size, boards.length)
    const [usual = 0, slow = 0] = [0, 1].map((index) => programs.get(makeFacts('boron', index).deviceId))
    // Ten times the 42 ms of a usual board. No upper limit for either: a busy computer adds to both.
    assert.ok(slow > 380, `${slow} ms on the slow board`)
    assert.ok(usual > 38, `${usual} ms on the usual board`)
    assert.match(output, /4 KiB programmed .*DEVIATES/)
  })

  it('tells a board that does not keep what is written, and gives back what it can', { skip }, async (t) => {
    const boards = [{ platform: 'photon', deviceOs: '2.3.1', faults: ['silent write'] }]
    const variables = { STATION_HARDWARE_STEPS: 'write', STATION_HARDWARE_USER: userFiles.join(',') }
    const { code, output, report } = await walk(t, { boards, speed: 20, variables })
    assert.equal(code, 1, output)
    assert.deepEqual(
      report.failures.map(({ step, code: fault }) => [step, fault]),
      [['write', 'DFU_VERIFY_FAILED']],
    )
    assert.match(report.notes.map(({ text }) => text).join('\n'), /is kept in .*user\.bin/)
  })

  it('takes boards up to the newest set and down to the oldest, by the station itself', { skip }, async (t) => {
    assert.deepEqual(missing, [])
    const boards = [
      { platform: 'photon', deviceOs: '2.0.1' },
      { platform: 'boron', deviceOs: '4.0.2' },
      { platform: 'p2', deviceOs: '5.0.0' },
    ]
    const variables = { STATION_HARDWARE_STEPS: 'restore', STATION_HARDWARE_SETS: sets.join(',') }
    const { code, output, report } = await walk(t, { boards, speed: 20, variables })
    assert.equal(code, 0, output)
    assert.deepEqual(report.failures, [])
    const jobs = report.facts.filter(({ what }) => what.endsWith(': whole job'))
    assert.deepEqual(jobs.map(({ platform, what }) => `${platform} ${what}`).sort(), [
      'boron to 4.0.2: whole job',
      'p2 to 5.6.0: whole job',
      'photon to 2.0.1: whole job',
      'photon to 2.3.1: whole job',
    ])
    assert.deepEqual(
      report.notes.map(({ platform, text }) => `${platform} ${text}`).sort(),
      ['boron', 'p2'].map((platform) => `${platform} down: no second set was given for this platform`),
    )
  })
})
