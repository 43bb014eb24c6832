// The two notes an update leaves in the device configuration (DCT) across a reset: the OTA flag that a DFU tool sets,
// and the module slot that Device OS fills when it has accepted a module. The slot's layout is the simulator's own.
import type { BoardChips, FlashChip } from '../board-parts.ts'

/** Module waiting in the OTA area for its place. */
export interface PendingModule {
  readonly chip: FlashChip
  readonly address: number
  readonly sizeBytes: number
}

const otaFlagOffset = 1753
const otaFlagSet = 0xa5
const slotOffset = 1634
const slotBytes = 16
const slotMagic = 0x51075107
const blank = 0xff

export function isOtaFlagSet(chips: BoardChips): boolean {
  return chips.dct[otaFlagOffset] === otaFlagSet
}

export function clearOtaFlag(chips: BoardChips): void {
  chips.dct[otaFlagOffset] = blank
}

function slotView(chips: BoardChips): DataView {
  return new DataView(chips.dct.buffer, chips.dct.byteOffset + slotOffset, slotBytes)
}

export function scheduleModule(chips: BoardChips, module: PendingModule): void {
  const slot = slotView(chips)
  slot.setUint32(0, slotMagic, true)
  slot.setUint32(4, module.chip === chips.internal ? 0 : 1, true)
  slot.setUint32(8, module.address, true)
  slot.setUint32(12, module.sizeBytes, true)
}

/** Takes the scheduled module out of its slot; null when the slot is empty. */
export function takeScheduled(chips: BoardChips): PendingModule | null {
  const slot = slotView(chips)
  if (slot.getUint32(0, true) !== slotMagic) return null
  const chip = slot.getUint32(4, true) === 0 ? chips.internal : chips.external
  const module = { address: slot.getUint32(8, true), sizeBytes: slot.getUint32(12, true) }
  chips.dct.fill(blank, slotOffset, slotOffset + slotBytes)
  return chip && { chip, ...module }
}
