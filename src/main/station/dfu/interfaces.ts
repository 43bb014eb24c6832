// Walks a raw configuration descriptor: its DFU interfaces with their alternate settings, and the DFU functional descriptor
// of each, which devices put after the last alternate setting, elsewhere, or nowhere. It judges nothing.

export interface DfuAlternate {
  readonly alternate: number
  /** iInterface: index of the string that holds the memory map; 0 when there is none. */
  readonly stringIndex: number
}

export interface InterfaceFound {
  readonly interfaceNumber: number
  /** bInterfaceProtocol of its first alternate setting. */
  readonly protocol: number
  readonly alternates: readonly DfuAlternate[]
  /** The last functional descriptor between it and the next interface; null when there is none. */
  readonly functional: Uint8Array | null
}

export interface InterfacesFound {
  readonly interfaces: readonly InterfaceFound[]
  /** A functional descriptor that stands elsewhere, where no other class could have put it. */
  readonly stray: Uint8Array | null
  /** Interfaces of any class, each counted once. */
  readonly interfaceCount: number
}

/** The DFU functional descriptor, as it is (USB DFU 1.1, section 4.1.3). */
export interface FunctionalFacts {
  readonly attributes: number
  readonly canDownload: boolean
  readonly canUpload: boolean
  readonly isManifestationTolerant: boolean
  readonly willDetach: boolean
  readonly detachTimeoutMs: number
  /** wTransferSize. */
  readonly announcedTransferBytes: number
  /** bcdDFUVersion; null where the device leaves it out. */
  readonly version: number | null
}

type Growing = InterfaceFound & { readonly alternates: DfuAlternate[]; functional: Uint8Array | null }

const interfaceType = 0x04
const functionalType = 0x21
const interfaceBytes = 9
/** Some devices leave bcdDFUVersion out, or cut it off. */
const leastFunctionalBytes = 7
const dfuClass = 0xfe
const dfuSubclass = 0x01
/** HID and smart card readers have descriptors of their own that are of type 0x21, too. */
const otherUsersOfType: readonly number[] = [0x03, 0x0b]

/** `anyClass`: every interface is taken for a DFU interface. */
export function findInterfaces(configuration: Uint8Array, anyClass = false): InterfacesFound {
  const interfaces = new Map<number, Growing>()
  const numbers = new Set<number>()
  let stray: Uint8Array | null = null
  for (const { head, functional } of spansOf(configuration)) {
    if (head) numbers.add(head[2] ?? 0)
    if (head && (anyClass || isDfu(head))) takeAlternate(interfaces, head, functional)
    else if (mayBeStray(head)) stray = functional ?? stray
  }
  return { interfaces: [...interfaces.values()], stray, interfaceCount: numbers.size }
}

/** From one interface descriptor to the next; what is in front of the first has no head. */
interface Span {
  readonly head: Uint8Array | null
  /** The last of its functional descriptors. */
  functional: Uint8Array | null
}

function spansOf(configuration: Uint8Array): readonly Span[] {
  let span: Span = { head: null, functional: null }
  const spans = [span]
  for (const descriptor of descriptorsOf(configuration)) {
    if (isInterface(descriptor)) {
      span = { head: descriptor, functional: null }
      spans.push(span)
    } else if (isFunctional(descriptor)) {
      span.functional = descriptor
    }
  }
  return spans
}

function mayBeStray(head: Uint8Array | null): boolean {
  return !otherUsersOfType.includes(head?.[5] ?? 0)
}

function isInterface(descriptor: Uint8Array): boolean {
  return descriptor[1] === interfaceType && descriptor.length >= interfaceBytes
}

function isFunctional(descriptor: Uint8Array): boolean {
  return descriptor[1] === functionalType && descriptor.length >= leastFunctionalBytes
}

/** Null when there are not even seven bytes. */
export function functionalFacts(bytes: Uint8Array): FunctionalFacts | null {
  if (bytes.length < leastFunctionalBytes) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const attributes = view.getUint8(2)
  return {
    attributes,
    canDownload: (attributes & 0x01) !== 0,
    canUpload: (attributes & 0x02) !== 0,
    isManifestationTolerant: (attributes & 0x04) !== 0,
    willDetach: (attributes & 0x08) !== 0,
    detachTimeoutMs: view.getUint16(3, true),
    announcedTransferBytes: view.getUint16(5, true),
    version: bytes.length >= 9 ? view.getUint16(7, true) : null,
  }
}

/** Splits by bLength; the last may be cut off. Stops at a length that cannot be, for the rest is unreadable anyway. */
function* descriptorsOf(configuration: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 2 <= configuration.length; ) {
    const lengthBytes = configuration[at] ?? 0
    if (lengthBytes < 2) return
    yield configuration.subarray(at, at + lengthBytes)
    at += lengthBytes
  }
}

function isDfu(descriptor: Uint8Array): boolean {
  return descriptor[5] === dfuClass && descriptor[6] === dfuSubclass
}

function takeAlternate(interfaces: Map<number, Growing>, head: Uint8Array, functional: Uint8Array | null): void {
  const [, , interfaceNumber = 0, alternate = 0, , , , protocol = 0, stringIndex = 0] = head
  const found = interfaces.get(interfaceNumber) ?? { interfaceNumber, protocol, alternates: [], functional: null }
  interfaces.set(interfaceNumber, found)
  found.functional = functional ?? found.functional
  // A setting that is described twice is one.
  if (!found.alternates.some((each) => each.alternate === alternate)) found.alternates.push({ alternate, stringIndex })
}
