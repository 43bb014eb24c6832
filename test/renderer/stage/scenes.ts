// What the fake station of the stage shows and answers.
import type { FaultCode } from '../../../src/shared/fault/fault-codes.ts'
import { known, unreadable } from '../../../src/shared/model/identity.ts'
import type { PlatformName } from '../../../src/shared/model/platform.ts'
import type { RecordSummary } from '../../../src/shared/model/record.ts'
import type { BenchFrame, SlotState, SlotView } from '../../../src/shared/model/slot.ts'
import {
  askingSlot,
  bystanderSlot,
  deviceOf,
  deviceRecipeView,
  deviceRecord,
  deviceSlot,
  deviceSummary,
  imageImport,
  imageShelf,
  longName,
  noSerial,
  reportedSlot,
  stm32Of,
  versionImages,
} from '../device-samples.ts'
import type { Answers } from '../fake-link.ts'
import { packsView, untrustedPack } from '../pack-samples.ts'
import {
  alreadyOkSlot,
  boardOf,
  firmwareSet,
  fullFrame,
  hashOf,
  identifiedSlot,
  ledgerRecord,
  portOf,
  recipeView,
  recordSummary,
  releasesOf,
  sampleSettings,
  sampleSlot,
  slotView,
  stationView,
  verifiedSlot,
} from '../samples.ts'

export interface Scene {
  readonly frame: BenchFrame
  readonly answers: Answers
}

const mixedStates: readonly SlotState[] = [
  'passed',
  'working',
  'passed',
  'failed',
  'empty',
  'refused',
  'error',
  'off',
  'working',
  'ready',
  'identifying',
  'aborted',
  'interrupted',
  'working',
  'passed',
  'empty',
]
const platforms = ['boron', 'photon', 'p2', 'boron'] as const

function mixedSlots(count: number): SlotView[] {
  return Array.from({ length: count }, (_, place) => {
    const slot = place + 1
    if (slot % 16 === 3) return alreadyOkSlot(slot)
    return sampleSlot(slot, mixedStates[place % mixedStates.length] ?? 'empty', platforms[place % platforms.length])
  })
}

const warning = 'This recipe comes from a pack that nobody signed: simulated boards only.'

/** Boards that wait for a finger, one of each shape, and one that is locked. */
function handSlots(): SlotView[] {
  const byHand = (slot: number, platform: PlatformName, code: FaultCode) => ({
    ...sampleSlot(slot, 'failed', platform),
    fault: { code, detail: 'the board took no control request' },
  })
  return [
    byHand(1, 'photon', 'DFU_BY_BUTTON'),
    byHand(2, 'electron', 'DFU_BY_BUTTON'),
    byHand(3, 'tracker', 'IDENTITY_UNREADABLE'),
    byHand(4, 'boron', 'DEVICE_PROTECTED'),
  ]
}

/** What the kinds of job come to. */
function kindSlots(): SlotView[] {
  const board = { ...boardOf(7, 'tracker'), iccid: unreadable<never>('the modem is off') }
  return [
    identifiedSlot(1),
    identifiedSlot(2, 'p2'),
    verifiedSlot(3, false),
    verifiedSlot(4, true),
    alreadyOkSlot(5),
    sampleSlot(6, 'passed'),
    { ...identifiedSlot(7, 'tracker'), board },
    sampleSlot(8, 'empty'),
  ]
}

/** DFU devices that are no Particle boards: every way to name one, every proof, the question, and a stranger. */
function deviceSlots(count: number): SlotView[] {
  const twins = [portOf(2), portOf(5)]
  const byHand = { code: 'DFU_BY_BUTTON', detail: 'no run-time interface: a hand brings it into its loader' } as const
  const makers: readonly ((slot: number) => SlotView)[] = [
    (slot) => deviceSlot(slot, 'passed'),
    (slot) => reportedSlot(slot),
    askingSlot,
    (slot) => bystanderSlot(slot),
    (slot) => deviceSlot(slot, 'working', deviceOf(slot, { productName: longName, ...noSerial })),
    (slot) => deviceSlot(slot, 'failed', stm32Of(slot, { twins })),
    (slot) => deviceSlot(slot, 'refused', deviceOf(slot, { productName: longName })),
    (slot) => deviceSlot(slot, 'ready', deviceOf(slot, { twins })),
    (slot) => reportedSlot(slot, versionImages),
    (slot) => ({ ...deviceSlot(slot, 'failed', deviceOf(slot, noSerial)), fault: byHand }),
    (slot) => deviceSlot(slot, 'working', deviceOf(slot, { serialNumber: known('X'.repeat(40)) })),
    (slot) => deviceSlot(slot, 'ready', deviceOf(slot, { productName: unreadable('it has none') })),
    (slot) => sampleSlot(slot, 'passed'),
    (slot) => bystanderSlot(slot, 'DFU device 8087:0aa7: left alone, no recipe names it'),
    (slot) => ({ ...deviceSlot(slot, 'passed'), bystander: 'USB disk 0781:5581: left alone' }),
    askingSlot,
  ]
  return Array.from({ length: count }, (_, place) => (makers[place % makers.length] ?? askingSlot)(place + 1))
}

function frameOf(name: string, count: number): BenchFrame {
  if (name === 'newcomer') {
    const slots = Array.from({ length: count }, (_, place) => slotView(place + 1, 'off', { portPath: null }))
    return fullFrame(slots, stationView({ recipeName: null, operator: null, tally: { pass: 0, fail: 0, error: 0 } }))
  }
  if (name === 'trouble') {
    const station = stationView({
      isSimulated: true,
      autoStart: false,
      recipeName: 'A very long recipe name that an engineer wrote on a Friday 4.0.2 r17',
      closedAtStart: 3,
      usb: { up: false, fault: { code: 'HOST_CRASHED', detail: 'signal SIGKILL' } },
    })
    return fullFrame(mixedSlots(count), station)
  }
  if (name === 'kinds') return fullFrame(kindSlots())
  if (name === 'hands') return fullFrame(handSlots())
  if (name === 'devices') return fullFrame(deviceSlots(count), stationView({ recipeName: 'Blinky Meter 1.03' }))
  if (name === 'unsigned' || name === 'focus') {
    const isFocused = name === 'focus'
    const pack = isFocused ? { focus: 'Blinky line' } : { recipeWarning: warning, isSimulated: true }
    return fullFrame(mixedSlots(count), stationView(pack))
  }
  if (name === 'ready') {
    const slots = Array.from({ length: count }, (_, place) =>
      sampleSlot(place + 1, place % 3 === 2 ? 'empty' : 'ready'),
    )
    return fullFrame(slots, stationView({ autoStart: false, isSimulated: true }))
  }
  return fullFrame(mixedSlots(count))
}

function summaryOf(scene: string, place: number): RecordSummary {
  if (scene !== 'devices' || place % 5 === 4) return recordSummary(place)
  if (place % 3 === 1) {
    const name = `0483:df11 on ${portOf((place % 8) + 1)}`
    return deviceSummary(place, { type: 'STM32  BOOTLOADER', name, revisionBefore: null })
  }
  if (place % 7 === 2) {
    const name = `1209:7551 ${'4A31'.repeat(16)}`
    return deviceSummary(place, { type: longName.known ? longName.value : '', name })
  }
  return deviceSummary(place)
}

function answersOf(name: string): Answers {
  const hasNothing = name === 'newcomer'
  const sets = [
    firmwareSet('boron', '4.0.2'),
    firmwareSet('boron', '4.0.0'),
    firmwareSet('boron', '2.3.1'),
    firmwareSet('photon', '2.3.1'),
    firmwareSet('p2', '5.6.0', { missing: [{ kind: 'bootloader', index: 2 }] }),
  ]
  const library = { sets: hasNothing ? [] : sets, modules: hasNothing ? [] : sets.flatMap((set) => set.modules) }
  const recipes = hasNothing
    ? []
    : [
        recipeView(),
        recipeView({
          recipeId: hashOf(8),
          isActive: false,
          recipe: { ...recipeView().recipe, name: 'Photon rescue 2.3.1' },
          origin: {
            pack: { packId: hashOf(53), name: 'Bench trial', version: 2, standing: 'unsigned' },
            signedBy: null,
            warning,
          },
        }),
      ]
  return {
    listPacks: () => (hasNothing ? packsView({ packs: [] }) : packsView()),
    examinePack: () => untrustedPack,
    listFirmware: () => library,
    listVersions: () => releasesOf(library.sets),
    exportHex: () => ({
      ...{ kind: 'saved', path: '/home/mei/boron-4.0.2.hex' },
      notes: ['The bootloader is not in it: it is written by control request.'],
    }),
    fetchFirmware: ({ url }) => ({
      ...{ url, sha256: hashOf(81), sizeBytes: 34_512, platform: 'boron', userSha256: hashOf(82), isNew: true },
    }),
    listRecipes: () => (name === 'devices' ? [deviceRecipeView(), ...recipes.slice(1)] : recipes),
    chooseRecipe: () => recipes,
    listImages: () => imageShelf(hasNothing ? [] : undefined),
    importImages: () => imageImport,
    readSettings: () => ({
      ...sampleSettings,
      slots: Array.from({ length: 8 }, (_, at) => (at < 6 ? portOf(at + 1) : null)),
    }),
    searchRecords: ({ cursor }) => ({
      records: Array.from({ length: 50 }, (_, at) => summaryOf(name, at + (cursor ? 50 : 0))),
      cursor: cursor ? null : 'next',
      total: 100,
    }),
    showRecord: () => (name === 'devices' ? deviceRecord() : ledgerRecord()),
    verifyLedger: () => ({
      ok: false,
      records: 100,
      problems: ['record 01930f5a-7c1e-7000-8000-000000000004: the hash of the closing is another'],
    }),
    exportRecords: () => ({ kind: 'saved', path: '/home/mei/records.csv' }),
    examineStation: () => [
      { name: 'Node', ok: true, detail: 'version 24.21.0', remedy: null },
      {
        name: 'udev rule',
        ok: false,
        detail: 'none allows this user to open boards',
        remedy: 'Copy resources/udev/50-dfu-station.rules to /etc/udev/rules.d and plug the boards in again.',
      },
    ],
    importFiles: () => ({
      imported: [firmwareSet('boron', '4.0.2')],
      refused: [{ file: 'bad/system-part1.bin', reason: 'CRC_MISMATCH', detail: 'stored 1f2e3d4c, computed 0a0b0c0d' }],
    }),
  }
}

export function sceneOf(name: string, count: number): Scene {
  return { frame: frameOf(name, count), answers: answersOf(name) }
}
