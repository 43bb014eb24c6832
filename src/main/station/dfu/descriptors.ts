// The DFU interface of a Particle board: its number, its alternate settings, and what the DFU functional descriptor says.
// Boards follow the standard here; what other devices get wrong is in facts.ts.
import { Fault } from '../../../shared/fault/fault.ts'
import { type DfuAlternate, type FunctionalFacts, findInterfaces, functionalFacts } from './interfaces.ts'

export interface DfuDescriptors {
  readonly interfaceNumber: number
  /** bInterfaceProtocol 1 is runtime, 2 is DFU mode (USB DFU 1.1, section 4.2.3). */
  readonly protocol: number
  readonly alternates: readonly DfuAlternate[]
  readonly canDownload: boolean
  readonly canUpload: boolean
  readonly isManifestationTolerant: boolean
  readonly willDetach: boolean
  readonly detachTimeoutMs: number
  /** wTransferSize, with senseless values replaced: 0 by 64, 0xFFFF by 1024. */
  readonly transferBytes: number
  /** bcdDFUVersion; 0x011A is DfuSe; 0x0100 where the device leaves it out. */
  readonly version: number
}

/** ST's own bit: the bootloader takes 4096 bytes whatever wTransferSize says. */
const acceleratedBit = 0x80

/** Throws DFU_PROTOCOL when there is no DFU interface or no functional descriptor (USB DFU 1.1, section 4.2). */
export function parseDfuDescriptors(configuration: Uint8Array): DfuDescriptors {
  const found = findInterfaces(configuration).interfaces[0]
  if (!found) throw new Fault('DFU_PROTOCOL', 'the configuration has no DFU interface')
  const functional = found.functional && functionalFacts(found.functional)
  if (!functional) throw new Fault('DFU_PROTOCOL', 'the configuration has no DFU functional descriptor')
  const { interfaceNumber, protocol, alternates } = found
  return { interfaceNumber, protocol, alternates, ...standardFacts(functional) }
}

function standardFacts(functional: FunctionalFacts) {
  const { attributes, announcedTransferBytes, version, ...facts } = functional
  const transferBytes = (attributes & acceleratedBit) !== 0 ? 4096 : saneTransferBytes(announcedTransferBytes)
  return { ...facts, transferBytes, version: version ?? 0x0100 }
}

/** 0 and 0xFFFF stand for "not told" in the field. */
export function saneTransferBytes(announced: number): number {
  if (announced === 0) return 64
  return announced === 0xffff ? 1024 : announced
}
