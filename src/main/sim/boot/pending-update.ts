// The notes an update leaves in the device configuration (DCT) across a reset: the OTA flag that a DFU tool sets, and
// the module slots that Device OS fills with what the bootloader shall put in its place. The layout of a slot is ours.
import type { BoardChips, FlashChip } from '../board-parts.ts'

/** Module waiting for its place. */
export interface PendingModule {
  readonly chip: FlashChip
  readonly address: number
  readonly sizeBytes: number
}

const otaFlagOffset = 1753
const otaFlagSet = 0xa5
const slotsOffset = 1634
const slotBytes = 16
/** Device OS has five. */
const slotCount = 5
const slotMagic = 0x51075107
const blank = 0xff

export function isOtaFlagSet(chips: BoardChips): boolean {
  return chips.dct[otaFlagOffset] === otaFlagSet
}

export function clearOtaFlag(chips: BoardChips): void {
  chips.dct[otaFlagOffset] = blank
}

function slotViews(chips: BoardChips): readonly DataView[] {
  const { buffer, byteOffset } = chips.dct
  return Array.from(
    { length: slotCount },
    (_, n) => new DataView(buffer, byteOffset + slotsOffset + n * slotBytes, slotBytes),
  )
}

/** Takes the next free slot; the last one when there is none. */
export function scheduleModule(chips: BoardChips, module: PendingModule): void {
  const slots = slotViews(chips)
  const slot = slots.find((view) => view.getUint32(0, true) !== slotMagic) ?? slots.at(-1)
  if (!slot) return
  slot.setUint32(0, slotMagic, true)
  slot.setUint32(4, module.chip === chips.internal ? 0 : 1, true)
  slot.setUint32(8, module.address, true)
  slot.setUint32(12, module.sizeBytes, true)
}

/** Takes the scheduled modules out of their slots, in the order in which they came. */
export function takeScheduled(chips: BoardChips): readonly PendingModule[] {
  const modules = slotViews(chips).flatMap((slot) => {
    if (slot.getUint32(0, true) !== slotMagic) return []
    const chip = slot.getUint32(4, true) === 0 ? chips.internal : chips.external
    return chip ? [{ chip, address: slot.getUint32(8, true), sizeBytes: slot.getUint32(12, true) }] : []
  })
  chips.dct.fill(blank, slotsOffset, slotsOffset + slotCount * slotBytes)
  return modules
}
