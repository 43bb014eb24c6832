// Whose a verdict is, and how that board is told from the next one when something comes back to the port: a Particle board
// by its device ID, another device by its place, the recipe and, as far as it goes, its serial number.
import { Fault } from '../../../shared/fault/fault.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget, ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import { valueOrNull } from '../../../shared/model/identity.ts'
import { deviceKind } from '../devices/device-kind.ts'
import { identifyDevice } from '../devices/identify-device.ts'
import { readDeviceId } from '../identity/identify.ts'
import type { Clock } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { namedBy, type Rules } from './standing.ts'

/** doubtful: nobody can say whether it is the board of the verdict or the next one. gone: it left before it answered. */
export type Recognised = 'same' | 'other' | 'doubtful' | 'gone'

export interface Asking {
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface Keeper {
  /** False for what the board itself cannot come back as. */
  concerns(device: UsbDevice): boolean
  /** Throws nothing but the reason of the signal. */
  recognises(device: UsbDevice, asking: Asking): Promise<Recognised>
}

export function particleKeeper(deviceId: string, rules: Rules): Keeper {
  return {
    concerns: (device) => deviceKind(device, rules.quirks()) !== 'other',
    recognises: (device, asking) =>
      answerOf(asking, async () => ((await readDeviceId(device, asking)) === deviceId ? 'same' : 'other')),
  }
}

/** Whoever took the place of a device in mid-job: known by the name that the job gave it, and by its ids. */
export function strangerKeeper(stranger: { readonly name: string; readonly device: UsbDevice }, rules: Rules): Keeper {
  const askName = async (device: UsbDevice, asking: Asking): Promise<Recognised> => {
    const found = await identifyDevice(device, { ...asking, book: rules.quirks() })
    return boardName(found) === stranger.name ? 'same' : 'other'
  }
  return {
    concerns: () => true,
    recognises: async (device, asking) => {
      if (deviceKind(device, rules.quirks()) === 'particle')
        return particleKeeper(stranger.name, rules).recognises(device, asking)
      if (isAskable(device, rules)) return answerOf(asking, () => askName(device, asking))
      return idsOf(device) === idsOf(stranger.device) ? 'same' : 'other'
    },
  }
}

export interface DeviceOnRecord {
  readonly rules: Rules
  /** Of the job. */
  readonly recipe: ResolvedRecipe
  readonly target: DeviceTarget
  /** The enumeration in which the job left it. */
  readonly device: UsbDevice
  /** What it said of itself then; null where it was not asked. */
  readonly board: DfuIdentity | null
  /** As its loader is known; null where that was not met. */
  readonly loader: DfuIdentity | null
  /** It passed and was told to run its program: in its loader it is not expected. */
  readonly isLeftRunning: boolean
}

/**
 * A device is the same one when it is back in time on the same port under ids of the same target, with the serial number
 * and the revision that it had in that mode. One that passed and left its loader may come back as anything without
 * DFU that nobody names: it runs what it was given. Equal or missing serial numbers tell nothing: then the time alone
 * decides, but for a loader where a program was to run: whatever its serial number, all pieces may have the same. What the
 * recipe of the moment does not name is not opened.
 */
export function deviceKeeper(record: DeviceOnRecord): Keeper {
  const { rules, recipe, target } = record
  let unnamed = namedBy(recipe, record.device) ? null : idsOf(record.device)
  const isSameUnnamed = (device: UsbDevice): boolean => {
    if (deviceKind(device, rules.quirks()) !== 'other') return false
    if (unnamed === null && record.isLeftRunning && record.board?.mode !== 'normal') unnamed = idsOf(device)
    return unnamed === idsOf(device)
  }
  const recognises = async (device: UsbDevice, asking: Asking): Promise<Recognised> => {
    const named = namedBy(recipe, device, target.wish.name)
    if (named === null) return isSameUnnamed(device) ? 'same' : 'other'
    if (named !== target) return 'other'
    if (!isAskable(device, rules)) return 'same'
    return answerOf(asking, async () =>
      judge(await identifyDevice(device, { ...asking, book: rules.quirks() }), record),
    )
  }
  return { concerns: () => true, recognises }
}

/** The recipe of the moment names it, and it has something to say of itself. */
function isAskable(device: UsbDevice, rules: Rules): boolean {
  return namedBy(rules.recipe(), device) !== null && deviceKind(device, rules.quirks()) !== 'other'
}

function judge(found: DfuIdentity, { board, loader, isLeftRunning }: DeviceOnRecord): Recognised {
  const isLoader = found.mode === 'dfu'
  const serial = valueOrNull(found.serialNumber)
  const faces = [board, loader].filter((face) => face !== null)
  const before = faces.find(({ mode }) => mode === found.mode)
  if (before && before.revision !== found.revision) return 'other'
  if (before?.serialNumber.known && before.serialNumber.value !== serial) return 'other'
  return isLoader && isLeftRunning ? 'doubtful' : 'same'
}

async function answerOf({ signal }: Asking, ask: () => Promise<Recognised>): Promise<Recognised> {
  try {
    return await ask()
  } catch (thrown) {
    signal.throwIfAborted()
    // Gone again before it answered: it resets once more. Anything else that does not say who it is, is not that board.
    return thrown instanceof Fault && thrown.code === 'USB_GONE' ? 'gone' : 'other'
  }
}

function idsOf({ vendorId, productId, deviceRelease }: UsbDevice): string {
  return [vendorId, productId, deviceRelease].join()
}
