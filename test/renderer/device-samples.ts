// Sample DFU devices that are no Particle boards, their images, jobs and records for the tests of the screens.
import type { FaultReport } from '../../src/shared/fault/fault.ts'
import type { DeviceImage, ImageElement } from '../../src/shared/model/device-image.ts'
import type { DfuIdentity } from '../../src/shared/model/dfu-identity.ts'
import type { ImageFile, ImageImportReport, ImageShelf, RecipeView } from '../../src/shared/model/firmware-view.ts'
import { known, unreadable } from '../../src/shared/model/identity.ts'
import { asRecordId } from '../../src/shared/model/ids.ts'
import type { DfuRecipeDevice } from '../../src/shared/model/recipe.ts'
import type { ImageRecord, LedgerRecord, RecordSummary, StepRecord } from '../../src/shared/model/record.ts'
import type { JobView, SlotState, SlotView } from '../../src/shared/model/slot.ts'
import { hashOf, ledgerRecord, portOf, recordSummary, slotView } from './samples.ts'

const startOfDay = Date.UTC(2026, 10, 3, 6, 0, 0)

/** A device whose own program runs, with a serial number of its own. */
export function deviceOf(slot: number, changes: Partial<DfuIdentity> = {}): DfuIdentity {
  return {
    kind: 'dfu',
    portPath: portOf(slot),
    mode: 'normal',
    vendorId: 0x1209,
    productId: 0x7551,
    revision: 0x0102,
    manufacturer: known('Acme Instruments'),
    productName: known('Blinky Meter 2'),
    serialNumber: known(`BM2-2611-${String(slot * 7919).padStart(7, '0')}`),
    twins: [],
    protocol: unreadable('its program runs: only its loader says'),
    canUpload: true,
    canDownload: true,
    memories: [],
    instances: [
      { instanceId: 'USB\\VID_1209&PID_7551&REV_0102', guid: '6ce7d3b0-3a43-5d2f-9a0f-0b6f3d2a9c01' },
      { instanceId: 'USB\\VID_1209&PID_7551', guid: '0b2f9b6f-41c5-5f0c-8b3d-51c9a6d4e702' },
    ],
    quirks: [],
    isSharedLoader: false,
    ...changes,
  }
}

/** The ROM loader that every STM32 has, with its whole set of memories. */
export function stm32Of(slot: number, changes: Partial<DfuIdentity> = {}): DfuIdentity {
  return deviceOf(slot, {
    mode: 'dfu',
    vendorId: 0x0483,
    productId: 0xdf11,
    revision: 0x2200,
    manufacturer: known('STMicroelectronics'),
    productName: known('STM32  BOOTLOADER'),
    serialNumber: known('FFFFFFFEFFFF'),
    protocol: known('dfuse'),
    memories: [
      { alternate: 0, name: '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg' },
      { alternate: 1, name: '@Option Bytes  /0x1FFFC000/01*016 e' },
      { alternate: 2, name: '@OTP Memory /0x1FFF7800/01*512 e,01*016 e' },
      { alternate: 3, name: '@Device Feature/0xFFFF0000/01*004 e' },
    ],
    instances: [
      { instanceId: 'USB\\VID_0483&PID_DF11&REV_2200', guid: 'a1d3c9b2-7b1c-5f5e-8d3a-2f9d8f6c7b03' },
      { instanceId: 'USB\\VID_0483&PID_DF11', guid: '2e6b7d4f-9f0a-5c3b-9a4f-6d1f0c8e5a04' },
    ],
    quirks: ['will-disappear', 'absent-sector-size', 'DfuForceVersion=011A', 'DfuForceTimeout=5000'],
    isSharedLoader: true,
    ...changes,
  })
}

export const noSerial = { serialNumber: unreadable<string>('it has no serial number string'), twins: [] } as const
export const longName = known('Professional Audio Interface with Loop-Through and USB DFU (Production Revision C)')

function imageRecord(position: number, changes: Partial<ImageRecord> = {}): ImageRecord {
  const sha256 = hashOf(200 + position)
  return {
    position,
    alternate: 0,
    memory: 'Internal Flash',
    address: 0x0800_0000 + (position - 1) * 0x1_0000,
    sizeBytes: position === 1 ? 48_640 : 2048,
    sha256,
    readBackSha256: sha256,
    proof: 'read-back',
    action: 'written',
    reason: null,
    ...changes,
  }
}

const readBackImages = [imageRecord(1), imageRecord(2)]
const reportedImages = [
  imageRecord(1, { memory: 'alt 0', address: null, readBackSha256: null, proof: 'reported-status' }),
]
export const versionImages = [
  imageRecord(1, { memory: 'alt 0', address: null, readBackSha256: null, proof: 'reported-version' }),
]

const devicePlan = [
  'Enter DFU',
  'Mass erase of Internal Flash',
  'Write Internal Flash at 0x08000000',
  'Verify Internal Flash at 0x08000000',
  'Leave DFU',
  'Prove the device',
]

function steps(count: number, failedAt?: number): readonly StepRecord[] {
  return devicePlan.slice(0, count).map((name, place) => ({
    position: place + 1,
    name,
    startedAt: startOfDay + place * 2000,
    durationMs: [420, 9100, 4300, 1200, 300, 1900][place] ?? 500,
    result: place + 1 === failedAt ? 'failed' : 'done',
    bytes: place === 2 ? 48_640 : 0,
    detail: place + 1 === failedAt ? 'first difference at 0x08000800: file 4f, device ff' : null,
  }))
}

function deviceJob(changes: Partial<JobView> = {}): JobView {
  return {
    job: 'flash',
    recordId: asRecordId('01930f5a-7c1e-7000-8000-00000000d001'),
    recipeName: 'Blinky Meter 1.03',
    plan: devicePlan,
    skipped: [],
    notes: ['option bytes and OTP memory are left alone: the recipe does not name them'],
    progress: null,
    steps: [],
    modules: [],
    images: [],
    revisionBefore: '1.02',
    outcome: null,
    fault: null,
    durationMs: null,
    ...changes,
  }
}

export const question = '0483:df11 is a loader that many products share: is this a Blinky Meter 2? START says yes'

const differs: FaultReport = {
  code: 'DFU_VERIFY_FAILED',
  detail: 'Internal Flash: first difference at 0x08000800, file 4f, device ff',
}

/** A device in a slot, in the states that a bench has seen. */
export function deviceSlot(slot: number, state: SlotState, device: DfuIdentity = deviceOf(slot)): SlotView {
  const done = { board: device, log: devicePlan.map((text, at) => ({ at: startOfDay + at * 2000, text })) }
  if (state === 'working') {
    const progress = { step: 2, steps: 6, stepName: devicePlan[1] ?? '', stepKind: 'mass-erase' } as const
    const rest = { fraction: 0.31, remainingMs: 14_000, startedAt: startOfDay }
    return slotView(slot, state, { ...done, job: deviceJob({ steps: steps(1), progress: { ...progress, ...rest } }) })
  }
  if (state === 'passed') {
    const job = deviceJob({ steps: steps(6), images: readBackImages, outcome: 'pass', durationMs: 17_200 })
    return slotView(slot, state, { ...done, board: { ...device, revision: 0x0103 }, job })
  }
  if (state === 'failed') {
    const images = [imageRecord(1, { proof: 'none', readBackSha256: hashOf(299) }), imageRecord(2, notReached)]
    const job = deviceJob({ steps: steps(4, 4), images, outcome: 'fail', fault: differs, durationMs: 15_000 })
    return slotView(slot, state, { ...done, fault: differs, job })
  }
  if (state === 'refused') {
    const fault = { code: 'PLAN_REFUSED', detail: 'the file is for 0483:df11, the device is 1209:7551' } as const
    return slotView(slot, state, { ...done, fault })
  }
  return slotView(slot, state, state === 'ready' ? done : {})
}

const notReached = { proof: 'none', action: 'not reached', readBackSha256: null } as const

/** A device that passed on its own word. */
export function reportedSlot(slot: number, images: readonly ImageRecord[] = reportedImages): SlotView {
  const view = deviceSlot(slot, 'passed', deviceOf(slot, { canUpload: false }))
  return { ...view, job: deviceJob({ steps: steps(6), images, outcome: 'pass', durationMs: 8200 }) }
}

export function askingSlot(slot: number): SlotView {
  return { ...deviceSlot(slot, 'ready', stm32Of(slot)), question }
}

export function bystanderSlot(slot: number, bystander = 'mouse 046d:c077: left alone'): SlotView {
  return { ...slotView(slot, 'empty'), bystander }
}

export function deviceSummary(place: number, changes: Partial<RecordSummary> = {}): RecordSummary {
  const device = deviceOf((place % 8) + 1)
  return {
    ...recordSummary(place),
    ...{ type: 'Blinky Meter 2', name: `1209:7551 ${device.serialNumber.known ? device.serialNumber.value : ''}` },
    ...{ platform: null, deviceId: null, iccid: null, deviceOsBefore: null, deviceOsAfter: null },
    ...{ revisionBefore: '1.02', revisionAfter: '1.03', recipeName: 'Blinky Meter 1.03' },
    ...changes,
  }
}

export function deviceRecord(changes: Partial<LedgerRecord> = {}): LedgerRecord {
  const device = deviceOf(3, { twins: [portOf(5), portOf(6)] })
  const closing = ledgerRecord().closing
  const unread = 'this device is no Particle board'
  return {
    ...ledgerRecord(),
    ...{ slot: 3, device, platform: null, deviceId: null, portPath: device.portPath, label: {} },
    ...{ serialNumber: device.serialNumber.known ? device.serialNumber.value : null, serialNumberReason: null },
    ...{ iccid: null, iccidReason: unread, imei: null, imeiReason: unread },
    ...{ deviceOsBefore: null, deviceOsBeforeReason: unread, recipeName: 'Blinky Meter 1.03' },
    plan: devicePlan,
    ...{ modulesBefore: [], modulesBeforeReason: unread, board: null },
    closing: closing && {
      ...closing,
      ...{ outcome: 'pass', fault: null, steps: steps(6), modules: [], images: readBackImages },
      ...{ deviceAfter: { ...device, revision: 0x0103 }, modulesAfter: [], modulesAfterReason: unread },
      deviceOsAfterReason: unread,
    },
    ...changes,
  }
}

function element(changes: Partial<ImageElement> = {}): ImageElement {
  return { alternate: 0, address: 0x0800_0000, sizeBytes: 48_640, sha256: hashOf(201), ...changes }
}

function deviceImage(changes: Partial<DeviceImage> = {}): DeviceImage {
  return {
    sha256: hashOf(301),
    sizeBytes: 50_991,
    format: 'dfuse',
    elements: [element(), element({ address: 0x0801_0000, sizeBytes: 2048, sha256: hashOf(202) })],
    vendorId: 0x1209,
    productId: 0x7551,
    revision: null,
    guids: [],
    version: null,
    notes: [],
    source: 'blinky-meter-1.03.dfu',
    ...changes,
  }
}

const rawImage = deviceImage({
  ...{ sha256: hashOf(302), format: 'raw', sizeBytes: 48_640, vendorId: null, productId: null },
  elements: [element({ alternate: null, address: null })],
  notes: ['no DFU suffix: nothing says what it is for'],
  source: 'application.bin',
})

const cabImage = deviceImage({
  ...{ sha256: hashOf(303), format: 'cab', sizeBytes: 61_204, version: '1.3.0', vendorId: null, productId: null },
  elements: [element({ alternate: null, address: null, sizeBytes: 60_100 })],
  guids: ['6ce7d3b0-3a43-5d2f-9a0f-0b6f3d2a9c01', '0b2f9b6f-41c5-5f0c-8b3d-51c9a6d4e702'],
  source: 'blinky-meter-1.3.0.cab: firmware.dfu',
})

function imageFile(images: readonly DeviceImage[], source: string): ImageFile {
  const [first] = images
  const { sha256, sizeBytes } = first ?? deviceImage()
  return { sha256, sizeBytes, source, importedAt: startOfDay, images }
}

const twoInOne = [
  deviceImage({ ...cabImage, sha256: hashOf(304), guids: cabImage.guids.slice(0, 1), source: 'pair.cab: left.dfu' }),
  deviceImage({ ...cabImage, sha256: hashOf(304), guids: cabImage.guids.slice(1), source: 'pair.cab: right.dfu' }),
]

const imageFiles = [
  imageFile([deviceImage()], 'blinky-meter-1.03.dfu'),
  imageFile([rawImage], 'application.bin'),
  imageFile([cabImage], 'blinky-meter-1.3.0.cab'),
  imageFile(twoInOne, 'a-cabinet-with-a-rather-long-name-that-two-teams-agreed-upon.cab'),
]

export function imageShelf(files: readonly ImageFile[] = imageFiles): ImageShelf {
  return { files, damaged: [] }
}

export const imageImport: ImageImportReport = {
  imported: imageFiles.slice(0, 1),
  refused: [
    {
      file: 'application.elf',
      reason: 'UNSUPPORTED_FILE',
      detail: 'an ELF file, which is for debuggers: convert it with objcopy -O ihex IN.elf OUT.hex',
    },
  ],
}

export function deviceWish(changes: Partial<DfuRecipeDevice> = {}): DfuRecipeDevice {
  return {
    name: 'Blinky Meter 2',
    match: ['1209:7551', '0483:df11'],
    image: { sha256: hashOf(301) },
    address: null,
    memory: null,
    version: '1.03',
    verify: 'read-back',
    erase: 'touched',
    readProtection: 'keep',
    allow: [],
    loader: 'ask',
    afterwards: 'run',
    ...changes,
  }
}

export function deviceRecipeView(changes: Partial<RecipeView> = {}): RecipeView {
  const plain = deviceWish()
  const harsh = deviceWish({
    name: 'Blinky Meter 1 (refit)',
    match: ['USB\\VID_1209&PID_7550'],
    ...{ image: { sha256: hashOf(302) }, address: 0x0800_0000, memory: '@Internal Flash', version: null },
    ...{ verify: 'reported', erase: 'all', readProtection: 'remove', allow: ['option-bytes'], loader: 'take' },
  })
  return {
    recipeId: hashOf(9),
    recipe: {
      ...{ format: 'dfu-station-recipe', version: 1, name: 'Blinky Meter 1.03', job: 'flash', limits: null, label: {} },
      ...{ devices: [plain, harsh], force: false },
    },
    targets: [],
    devices: [
      { wish: plain, image: deviceImage(), fault: null },
      {
        wish: harsh,
        image: null,
        fault: { code: 'FIRMWARE_MISSING', detail: 'the library has no image application.bin any more' },
      },
    ],
    isActive: true,
    origin: { pack: null, signedBy: null, warning: null },
    ...changes,
  }
}
