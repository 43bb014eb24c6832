// Finds the DFU interface in a raw configuration descriptor: its number, its alternate settings, and the DFU
// functional descriptor, which devices put after the last alternate only. Tolerates the broken forms that are known to
// be in the field; it must not know a platform.
import { Fault } from '../../../shared/fault/fault.ts'

export interface DfuAlternate {
  readonly alternate: number
  /** iInterface: index of the string that holds the memory map; 0 when there is none. */
  readonly stringIndex: number
}

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

interface FoundInterface {
  readonly interfaceNumber: number
  readonly protocol: number
  readonly alternates: DfuAlternate[]
}

const interfaceType = 0x04
const functionalType = 0x21
const interfaceBytes = 9
/** Some devices leave bcdDFUVersion out. */
const leastFunctionalBytes = 7
const dfuClass = 0xfe
const dfuSubclass = 0x01
/** ST's own bit: the bootloader takes 4096 bytes whatever wTransferSize says. */
const acceleratedBit = 0x80

/** Throws DFU_PROTOCOL when there is no DFU interface or no functional descriptor (USB DFU 1.1, section 4.2). */
export function parseDfuDescriptors(configuration: Uint8Array): DfuDescriptors {
  let current: FoundInterface | null = null
  let found: FoundInterface | null = null
  let functional: Uint8Array | null = null
  for (const descriptor of descriptorsOf(configuration)) {
    if (descriptor[1] === interfaceType && descriptor.length >= interfaceBytes) {
      current = takeInterface(descriptor, found)
      found ??= current
    } else if (isFunctional(descriptor) && current !== null && current === found) {
      functional = descriptor
    }
  }
  if (!found) throw new Fault('DFU_PROTOCOL', 'the configuration has no DFU interface')
  if (!functional) throw new Fault('DFU_PROTOCOL', 'the configuration has no DFU functional descriptor')
  return { ...found, ...parseFunctional(functional) }
}

/** Splits by bLength; stops at a length that cannot be, for the rest is then unreadable anyway. */
function* descriptorsOf(configuration: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 2 <= configuration.length; ) {
    const lengthBytes = configuration[at] ?? 0
    if (lengthBytes < 2 || at + lengthBytes > configuration.length) return
    yield configuration.subarray(at, at + lengthBytes)
    at += lengthBytes
  }
}

function isFunctional(descriptor: Uint8Array): boolean {
  return descriptor[1] === functionalType && descriptor.length >= leastFunctionalBytes
}

/** The DFU interface this descriptor belongs to, null when it is another interface. The first one found wins. */
function takeInterface(descriptor: Uint8Array, found: FoundInterface | null): FoundInterface | null {
  const [, , interfaceNumber = 0, alternate = 0, , klass, subclass, protocol = 0, stringIndex = 0] = descriptor
  if (klass !== dfuClass || subclass !== dfuSubclass) return null
  if (found && found.interfaceNumber !== interfaceNumber) return null
  const target = found ?? { interfaceNumber, protocol, alternates: [] }
  target.alternates.push({ alternate, stringIndex })
  return target
}

function parseFunctional(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const attributes = view.getUint8(2)
  return {
    canDownload: (attributes & 0x01) !== 0,
    canUpload: (attributes & 0x02) !== 0,
    isManifestationTolerant: (attributes & 0x04) !== 0,
    willDetach: (attributes & 0x08) !== 0,
    detachTimeoutMs: view.getUint16(3, true),
    transferBytes: (attributes & acceleratedBit) !== 0 ? 4096 : saneTransferBytes(view.getUint16(5, true)),
    version: bytes.length >= 9 ? view.getUint16(7, true) : 0x0100,
  }
}

function saneTransferBytes(announced: number): number {
  if (announced === 0) return 64
  return announced === 0xffff ? 1024 : announced
}
