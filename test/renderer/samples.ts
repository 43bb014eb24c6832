// Sample boards, jobs and slots for the tests of the screens. Plain values of the model, nothing random.
import type { FaultReport } from '../../src/shared/fault/fault.ts'
import type { FirmwareSet, PlatformReleases, RecipeView, ReleaseLine } from '../../src/shared/model/firmware-view.ts'
import { known, type ParticleIdentity, unreadable } from '../../src/shared/model/identity.ts'
import {
  asRecordId,
  type Iccid,
  parseDeviceId,
  parseIccid,
  parsePortPath,
  parseSha256,
} from '../../src/shared/model/ids.ts'
import type { FirmwareModule, ModuleKind, ReportedModule } from '../../src/shared/model/module.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import type { LedgerRecord, ModuleRecord, Outcome, RecordSummary, StepRecord } from '../../src/shared/model/record.ts'
import type { Settings } from '../../src/shared/model/settings.ts'
import type { BenchFrame, JobView, SlotState, SlotView, StationView } from '../../src/shared/model/slot.ts'

const startOfDay = Date.UTC(2026, 10, 3, 6, 0, 0)

function must<T>(value: T | null): T {
  if (value === null) throw new Error('a sample is malformed')
  return value
}

export function hashOf(seed: number): ReturnType<typeof parseSha256> & string {
  return must(parseSha256((seed * 2654435761).toString(16).padStart(16, '0').slice(0, 16).repeat(4)))
}

export function portOf(slot: number) {
  return must(parsePortPath(`2-1.${Math.ceil(slot / 4)}.${((slot - 1) % 4) + 1}`))
}

function reportedModule(kind: ModuleKind, index: number, changes: Partial<ReportedModule>): ReportedModule {
  const checks = { integrity: 'passed', dependenciesMet: 'passed', range: 'passed', platform: 'passed' } as const
  return {
    ...{ kind, index, version: 1, sizeBytes: 0, store: 'main', suffixSha256: null, dependencies: [] },
    ...checks,
    ...changes,
  }
}

export function boardOf(slot: number, platform: PlatformName = 'boron'): ParticleIdentity {
  const isCellular = platform === 'boron'
  return {
    kind: 'particle',
    portPath: portOf(slot),
    mode: 'normal',
    platform,
    deviceId: must(
      parseDeviceId(
        `e00fce68${(slot * 7919).toString(16).padStart(10, 'a')}${(slot * 65537).toString(16).padStart(6, 'c').slice(-6)}`,
      ),
    ),
    serialNumber: known(`PB2408${String(slot).padStart(6, '0')}`),
    iccid: isCellular
      ? known(must(parseIccid(`8988307000001234${String(slot).padStart(4, '0')}`)) as Iccid)
      : unreadable('this platform has no SIM'),
    imei: isCellular ? known(`35${String(slot).padStart(13, '0')}`) : unreadable('this platform has no modem'),
    deviceOsVersion: known('2.3.1'),
    modules: known([
      reportedModule('bootloader', 0, { version: 1004, sizeBytes: 48_820 }),
      reportedModule('system', 1, { version: 2301, sizeBytes: 647_612 }),
      reportedModule('user', 1, { version: 6, sizeBytes: 12_532, integrity: 'failed' }),
    ]),
    isProtected: known(false),
    assets: known({
      available: [{ name: 'cat.txt', sha256: hashOf(71), sizeBytes: 1200 }],
      required: [{ name: 'dog.txt', sha256: hashOf(73), sizeBytes: 900 }],
    }),
    ncpVersion: unreadable('this board has no network processor'),
    ncpModuleVersion: unreadable('this board has no network processor'),
    isListening: known(false),
    setupDone: known(true),
    answersRequests: known(true),
  }
}

const planNames = [
  'Update bootloader',
  'Enter DFU',
  'Write system 1',
  'Write user 1',
  'Verify system 1',
  'Verify user 1',
  'Start Device OS',
  'Prove all modules',
]

function stepRecords(count: number, failedAt?: number): StepRecord[] {
  return planNames.slice(0, count).map((name, place) => ({
    position: place + 1,
    name,
    startedAt: startOfDay + place * 4000,
    durationMs: [2100, 1850, 15_400, 900, 6200, 300, 2600, 1200][place] ?? 1000,
    result: place + 1 === failedAt ? 'failed' : 'done',
    bytes: [48_820, 0, 647_612, 12_532, 647_612, 12_532, 0, 0][place] ?? 0,
    detail: place + 1 === failedAt ? 'first difference at 0x00031000: file 4f, board ff' : null,
  }))
}

function moduleRecord(kind: ModuleKind, index: number, changes: Partial<ModuleRecord> = {}): ModuleRecord {
  const sha256 = hashOf(index + kind.length)
  return {
    kind,
    index,
    before: 2301,
    target: 4002,
    after: 4002,
    sha256,
    readBackSha256: sha256,
    proof: 'read-back',
    action: 'written',
    reason: null,
    ...changes,
  }
}

function jobOf(changes: Partial<JobView> = {}): JobView {
  return {
    recordId: asRecordId('01930f5a-7c1e-7000-8000-00000000a001'),
    recipeName: 'Tracker EU 4.0.2',
    job: 'flash',
    plan: planNames,
    skipped: [
      {
        module: { kind: 'radio', index: 0, version: 182 },
        reason: 'the board has version 202 already, which is newer',
      },
    ],
    notes: ['set-up flag left alone: Device OS 4.0.2 takes every board for set up'],
    progress: null,
    steps: [],
    modules: [],
    images: [],
    revisionBefore: null,
    outcome: null,
    fault: null,
    durationMs: null,
    ...changes,
  }
}

export function slotView(slot: number, state: SlotState, changes: Partial<SlotView> = {}): SlotView {
  return {
    slot,
    portPath: portOf(slot),
    state,
    board: null,
    job: null,
    fault: null,
    question: null,
    bystander: null,
    last: null,
    log: [],
    ...changes,
  }
}

const verifyFault: FaultReport = {
  code: 'DFU_VERIFY_FAILED',
  detail: 'system 1: first difference at 0x00031000, file 4f, board ff; 4096 of 647612 bytes differ',
}

/** One slot in each state, as the station would report it. */
export function sampleSlot(slot: number, state: SlotState, platform: PlatformName = 'boron'): SlotView {
  const board = boardOf(slot, platform)
  const log = planNames.map((text, place) => ({ at: startOfDay + place * 4000, text }))
  const modules = [
    moduleRecord('bootloader', 0, {
      before: 1004,
      target: 2004,
      after: 2004,
      proof: 'reported-version',
      readBackSha256: null,
      action: 'updated',
    }),
    moduleRecord('system', 1),
    moduleRecord('user', 1, { before: 6, target: 6, after: 6, action: 'unchanged' }),
  ]
  const fault = (report: FaultReport, outcome: JobView['outcome']) => ({
    board,
    fault: report,
    log,
    job: jobOf({
      steps: stepRecords(5, 5),
      modules: modules.map((module) => ({ ...module, proof: 'none' as const })),
      outcome,
      fault: report,
      durationMs: 26_450,
    }),
  })
  const slots: Record<SlotState, () => SlotView> = {
    empty: () =>
      slotView(slot, 'empty', {
        last: { outcome: slot % 3 === 0 ? 'fail' : 'pass', name: board.deviceId, endedAt: startOfDay },
      }),
    off: () => slotView(slot, 'off', { portPath: null }),
    identifying: () => slotView(slot, 'identifying'),
    ready: () => slotView(slot, 'ready', { board, log }),
    working: () =>
      slotView(slot, 'working', {
        board,
        log,
        job: jobOf({
          steps: stepRecords(slot % 2 === 0 ? 2 : 4),
          modules,
          progress: {
            step: slot % 2 === 0 ? 3 : 5,
            steps: 8,
            stepName: planNames[slot % 2 === 0 ? 2 : 4] ?? '',
            stepKind: /^Verify/.test(planNames[slot % 2 === 0 ? 2 : 4] ?? '') ? 'verify' : 'write',
            fraction: ((slot * 13) % 100) / 100,
            remainingMs: 22_000 + slot * 3000,
            startedAt: startOfDay,
          },
        }),
      }),
    passed: () =>
      slotView(slot, 'passed', {
        board,
        log,
        job: jobOf({ steps: stepRecords(8), modules, outcome: 'pass', durationMs: 41_230 }),
      }),
    failed: () => slotView(slot, 'failed', fault(verifyFault, 'fail')),
    error: () =>
      slotView(slot, 'error', fault({ code: 'USB_GONE', detail: 'port 2-1.2: the board left in block 7' }, 'error')),
    aborted: () => slotView(slot, 'aborted', fault({ code: 'JOB_ABORTED', detail: 'stopped at step 3' }, 'aborted')),
    interrupted: () =>
      slotView(slot, 'interrupted', fault({ code: 'HOST_CRASHED', detail: 'signal SIGKILL' }, 'interrupted')),
    refused: () =>
      slotView(slot, 'refused', {
        board,
        log,
        fault: { code: 'DEVICE_UNKNOWN', detail: 'platform p2 is not in the recipe' },
      }),
  }
  return slots[state]()
}

const proveStep: StepRecord = {
  position: 1,
  name: 'Prove all modules',
  startedAt: startOfDay,
  durationMs: 1200,
  result: 'done',
  bytes: 0,
  detail: null,
}

/** A board that was only asked who it is. */
export function identifiedSlot(slot: number, platform: PlatformName = 'boron'): SlotView {
  const job = { job: 'identify', recipeName: 'Who is here', plan: ['Prove all modules'], skipped: [] } as const
  return slotView(slot, 'passed', {
    board: boardOf(slot, platform),
    job: jobOf({ ...job, steps: [proveStep], outcome: 'pass', durationMs: 900 }),
  })
}

const differing = [
  'system 1: version 2301, wanted 4002',
  'asset cat.txt: not on the board with this hash',
  'user: the board reports no user firmware',
].join('; ')

/** A board that was compared with the recipe; `differs`: system 1 is another one, and the user firmware, too. */
export function verifiedSlot(slot: number, differs: boolean): SlotView {
  const fault: FaultReport = { code: 'BOARD_DIFFERS', detail: differing }
  const modules = [
    moduleRecord('bootloader', 0, { before: 2004, target: 2004, after: 2004, action: 'unchanged' }),
    differs
      ? moduleRecord('system', 1, {
          action: 'unchanged',
          proof: 'none',
          before: 2301,
          after: 2301,
          readBackSha256: hashOf(41),
          reason: 'version 2301, wanted 4002',
        })
      : moduleRecord('system', 1, { before: 4002, action: 'unchanged' }),
  ]
  return slotView(slot, differs ? 'failed' : 'passed', {
    board: boardOf(slot),
    fault: differs ? fault : null,
    job: jobOf({
      ...{ job: 'verify', recipeName: 'Audit 4.0.2', plan: ['Verify system 1'], skipped: [] },
      ...{ steps: [{ ...proveStep, name: 'Verify system 1' }], modules, durationMs: 7300 },
      ...{ outcome: differs ? 'fail' : 'pass', fault: differs ? fault : null },
    }),
  })
}

export function alreadyOkSlot(slot: number): SlotView {
  const modules = [
    moduleRecord('system', 1, { before: 4002, action: 'unchanged' }),
    moduleRecord('user', 1, { before: 6, target: 6, after: 6, action: 'unchanged' }),
  ]
  return slotView(slot, 'passed', {
    board: boardOf(slot),
    job: jobOf({ steps: [proveStep], modules, outcome: 'pass', durationMs: 4200 }),
  })
}

export function stationView(changes: Partial<StationView> = {}): StationView {
  return {
    stationId: 'SZ-L2-P03',
    softwareVersion: '0.1.0',
    recipeName: 'Tracker EU 4.0.2',
    isSimulated: false,
    autoStart: true,
    operator: 'Mei',
    recipeWarning: null,
    quirkWarning: null,
    focus: null,
    strayPorts: [],
    learningSlot: null,
    usb: { up: true },
    tally: { pass: 131, fail: 4, error: 2 },
    closedAtStart: 0,
    ...changes,
  }
}

export function fullFrame(slots: readonly SlotView[], station: StationView = stationView(), revision = 1): BenchFrame {
  return { revision, full: true, station, slots }
}

export function firmwareModule(platform: PlatformName, kind: ModuleKind, index: number): FirmwareModule {
  return {
    platform,
    kind,
    index,
    version: kind === 'user' ? 6 : 4002,
    deviceOsVersion: '4.0.2',
    startAddress: kind === 'user' ? 0xd4000 : 0x30000,
    endAddress: kind === 'user' ? 0xd70f0 : 0xce1bc,
    sizeBytes: kind === 'user' ? 12_532 : 647_612,
    sha256: hashOf(index + kind.length + platform.length),
    suffixSha256: hashOf(index + kind.length + platform.length + 100),
    dropsHeader: false,
    isCompressed: false,
    isCombined: false,
    isSynthetic: false,
    dependencies: [],
    source: `${platform}.zip: ${kind}-part${index}.bin`,
  }
}

export const sampleSettings: Settings = {
  stationId: 'SZ-L2-P03',
  slots: [portOf(1), portOf(2), portOf(3), null],
  learnsPorts: true,
  autoStart: true,
  operator: 'Mei',
  recipeId: null,
  simulation: { on: false, boards: 'boron:4,photon:2,p2:2', speed: 1 },
  ...{ packId: null, trustedKeys: [], onlySignedPacks: false, watchedFolder: null, focus: null },
}

const recordOutcomes: readonly Outcome[] = ['pass', 'pass', 'fail', 'pass', 'error', 'interrupted', 'aborted']

export function recordSummary(place: number): RecordSummary {
  const outcome = recordOutcomes[place % recordOutcomes.length] ?? 'pass'
  const board = boardOf((place % 32) + 1, place % 3 === 0 ? 'p2' : 'boron')
  return {
    recordId: asRecordId(`01930f5a-7c1e-7000-8000-${String(place).padStart(12, '0')}`),
    startedAt: startOfDay - place * 61_000,
    slot: (place % 8) + 1,
    type: board.platform,
    name: board.deviceId,
    revisionBefore: null,
    revisionAfter: null,
    portPath: board.portPath,
    platform: board.platform,
    deviceId: board.deviceId,
    iccid: board.iccid.known ? board.iccid.value : null,
    outcome: place === 0 ? 'open' : outcome,
    job: place % 6 === 5 ? 'verify' : place % 9 === 7 ? 'identify' : 'flash',
    alreadyCurrent: place % 4 === 3 && outcome === 'pass',
    faultCode: outcome === 'fail' ? 'DFU_VERIFY_FAILED' : outcome === 'error' ? 'DFU_ADDRESS_FORBIDDEN' : null,
    durationMs: place === 0 ? null : 41_000 + place * 130,
    recipeName: place % 5 === 0 ? 'A very long recipe name that an engineer wrote on a Friday' : 'Tracker EU 4.0.2',
    deviceOsBefore: '2.3.1',
    deviceOsAfter: outcome === 'pass' ? '4.0.2' : null,
    isSimulated: place % 7 === 3,
  }
}

export function ledgerRecord(): LedgerRecord {
  const board = boardOf(4)
  const { job } = sampleSlot(4, 'failed')
  return {
    recordId: asRecordId('01930f5a-7c1e-7000-8000-00000000a001'),
    job: 'flash',
    label: { Customer: 'Acme', Model: 'Blinky 2' },
    board: {
      ...{ mode: 'normal', isProtected: known(false), isListening: known(true), setupDone: known(false) },
      ncpVersion: unreadable('this board has no network processor'),
      assets: board.assets,
    },
    slot: 4,
    device: null,
    portPath: board.portPath,
    platform: 'boron',
    deviceId: board.deviceId,
    serialNumber: 'PB2408000004',
    serialNumberReason: null,
    iccid: null,
    iccidReason: 'the modem did not answer within 5 s',
    imei: null,
    imeiReason: 'the modem is off',
    deviceOsBefore: '2.3.1',
    deviceOsBeforeReason: null,
    recipeName: 'Tracker EU 4.0.2',
    recipeSha256: hashOf(99),
    isSimulated: true,
    startedAt: startOfDay,
    plan: [
      'Enter DFU',
      'Write system 1: memory 0, 0x00030000..0x000ce1bc, 647612 bytes',
      'Verify system 1: memory 0, 0x00030000..0x000ce1bc, 647612 bytes',
    ],
    modulesBefore: [
      {
        kind: 'bootloader',
        index: 0,
        version: 1004,
        integrity: 'passed',
        dependenciesMet: 'passed',
        suffixSha256: null,
      },
      {
        ...{ kind: 'system', index: 1, version: 2301, integrity: 'passed', dependenciesMet: 'failed' },
        suffixSha256: hashOf(31),
      },
    ],
    modulesBeforeReason: null,
    operator: 'Mei',
    stationId: 'SZ-L2-P03',
    softwareVersion: '0.1.0',
    closing: {
      outcome: 'fail',
      fault: verifyFault,
      endedAt: startOfDay + 26_450,
      durationMs: 26_450,
      deviceOsAfter: null,
      deviceOsAfterReason: 'the job ended before the board was identified again',
      iccid: null,
      imei: null,
      serialNumber: null,
      steps: job?.steps ?? [],
      modules: job?.modules ?? [],
      images: [],
      deviceAfter: null,
      modulesAfter: [],
      modulesAfterReason: 'the job ended before the board was identified again',
    },
  }
}

export function firmwareSet(
  platform: PlatformName,
  deviceOsVersion: string,
  changes: Partial<FirmwareSet> = {},
): FirmwareSet {
  return {
    setId: `${platform}-${deviceOsVersion}`,
    platform,
    deviceOsVersion,
    modules: [
      firmwareModule(platform, 'bootloader', 0),
      firmwareModule(platform, 'system', 1),
      firmwareModule(platform, 'user', 1),
    ],
    missing: [],
    source: `${platform}.zip`,
    importedAt: startOfDay,
    ...changes,
  }
}

export function recipeView(changes: Partial<RecipeView> = {}): RecipeView {
  const { modules } = firmwareSet('boron', '4.0.2')
  return {
    recipeId: hashOf(7),
    recipe: {
      ...plainFlash,
      format: 'dfu-station-recipe',
      version: 1,
      name: 'Tracker EU 4.0.2',
      platforms: ['boron', 'p2'],
      deviceOs: '4.0.2',
      user: 'set',
      verify: 'read-back',
    },
    devices: [],
    targets: [
      {
        platform: 'boron',
        deviceOs: '4.0.2',
        modules,
        assets: [
          { name: 'cat.txt', sha256: hashOf(71), sizeBytes: 1200, type: 'plain' },
          { name: 'env', sha256: hashOf(72), sizeBytes: 64, type: 'env' },
        ],
        note: 'The user firmware needs Device OS 4.0.1; the library has none, so the next one is taken: 4.0.2.',
        fault: null,
      },
      {
        platform: 'p2',
        deviceOs: '4.0.2',
        modules: [],
        assets: [],
        note: null,
        fault: { code: 'FIRMWARE_MISSING', detail: 'the library has no Device OS 4.0.2 for p2' },
      },
    ],
    origin: { pack: null, signedBy: null, warning: null },
    isActive: true,
    ...changes,
  }
}

/** What the station says of sets that the test gives it, by line. */
export function releasesOf(sets: readonly FirmwareSet[]): readonly PlatformReleases[] {
  return [...Map.groupBy(sets, (set) => set.platform)].flatMap(([platform, own]) =>
    platform === null ? [] : [{ platform, lines: linesOf(own) }],
  )
}

function linesOf(sets: readonly FirmwareSet[]): readonly ReleaseLine[] {
  const byLine = Map.groupBy(sets, ({ deviceOsVersion }) => `${deviceOsVersion?.split('.')[0]}.x`)
  return [...byLine].map(([name, own]) => {
    const best = own.find(({ missing, deviceOsVersion }) => missing.length === 0 && !deviceOsVersion?.includes('-'))
    const releases = own.map((set) => ({
      ...{
        deviceOs: set.deviceOsVersion ?? '',
        setId: set.setId,
        isPreRelease: set.deviceOsVersion?.includes('-') === true,
      },
      ...{ isRecommended: set === best, isSynthetic: false, hasUserFirmware: true, lacks: set.missing },
    }))
    return { name, isLongTerm: name === '2.x' || name === '4.x', releases }
  })
}
