// What the descriptors of a device say of its DFU interface, without opening it. Devices get much of it wrong: the
// functional descriptor may be elsewhere, cut off or missing, its sizes senseless, the protocol byte another one. What was
// corrected is noted. A device without a DFU interface is no error.

import { Fault } from '../../../shared/fault/fault.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import { type DfuDescriptors, saneTransferBytes } from './descriptors.ts'
import type { DfuHabits } from './habits.ts'
import {
  type FunctionalFacts,
  findInterfaces,
  functionalFacts,
  type InterfaceFound,
  type InterfacesFound,
} from './interfaces.ts'

/** What is asked of a device that need not be open. */
export interface DescribedDevice {
  readonly vendorId: number
  readonly productId: number
  configuration(): Uint8Array
}

/** normal: a run-time interface beside a program that runs. */
export type DfuMode = 'normal' | 'dfu'

export interface DfuFacts extends DfuDescriptors {
  readonly mode: DfuMode
  /** True for Atmel's FLIP under the class of DFU, which this engine does not speak. */
  readonly isOtherProtocol: boolean
  /** bcdDFUVersion as the device has it; null where it does not say. */
  readonly announcedVersion: number | null
  /** wTransferSize as the device has it; null where it does not say. */
  readonly announcedTransferBytes: number | null
  /** What was taken to be otherwise than the device says, in sentences. */
  readonly notes: readonly string[]
}

const protocols = { runtime: 1, dfu: 2 } as const
/** bcdDFUVersion of DfuSe, of Atmel's FLIP, and what stands for all others. */
export const dfuVersions = { plain: 0x0110, dfuse: 0x011a, flip: 0xff01 } as const
export const plainVersions: readonly number[] = [0x0100, 0x0101, 0x0110]
/** Linux takes no more in one control transfer (libusb, MAX_CTRL_BUFFER_LENGTH). */
const mostTransferBytes = 4096
/** ST's own bit of bmAttributes under DfuSe: the loader takes 4096 bytes whatever wTransferSize says. */
const acceleratedBit = 0x80

/** The DFU interface of the device, that in DFU mode before others; null when it has none. */
export function readDfuFacts(device: DescribedDevice, habits: DfuHabits): DfuFacts | null {
  const all = readAllDfuFacts(device, habits)
  return all.find(({ mode }) => mode === 'dfu') ?? all[0] ?? null
}

/** Every DFU interface of the device, in the order of its descriptors. */
export function readAllDfuFacts(device: DescribedDevice, habits: DfuHabits): readonly DfuFacts[] {
  const { interfaces, stray, interfaceCount } = found(device.configuration(), habits)
  return interfaces.map((each) => {
    const notes: string[] = []
    const functional = functionalOf(each, stray, notes)
    const version = versionOf(functional, habits, notes)
    const { attributes: _, announcedTransferBytes, ...told } = functional ?? unsaid
    return {
      ...told,
      interfaceNumber: each.interfaceNumber,
      protocol: each.protocol,
      alternates: each.alternates,
      mode: modeOf(each, interfaceCount, { habits, notes }),
      canUpload: told.canUpload && !habits.ignoreUpload,
      version,
      transferBytes: transferBytesOf(functional, version, { habits, notes }),
      announcedVersion: functional?.version ?? null,
      announcedTransferBytes: functional && announcedTransferBytes,
      isOtherProtocol: habits.legacyProtocol || version === dfuVersions.flip,
      notes,
    }
  })
}

/** One of the right class goes before any other. */
function found(configuration: Uint8Array, { useAnyInterface }: DfuHabits): InterfacesFound {
  const right = findInterfaces(configuration)
  return useAnyInterface && right.interfaces.length === 0 ? findInterfaces(configuration, true) : right
}

/** Of a device without a functional descriptor: it may be able to do everything. */
const unsaid: FunctionalFacts = {
  attributes: 0,
  canDownload: true,
  canUpload: true,
  isManifestationTolerant: false,
  willDetach: false,
  detachTimeoutMs: 0,
  announcedTransferBytes: 0,
  version: null,
}

function functionalOf({ functional }: InterfaceFound, stray: Uint8Array | null, notes: string[]) {
  const facts = functionalFacts(functional ?? stray ?? new Uint8Array(0))
  if (!facts) notes.push('it has no DFU functional descriptor: it is taken to download and to upload')
  else if (!functional) notes.push('its DFU functional descriptor belongs to no DFU interface')
  return facts
}

interface Ways {
  readonly habits: DfuHabits
  readonly notes: string[]
}

/** A device in DFU mode has the one DFU interface and no other (USB DFU 1.1, section 4.2); a program has its own beside. */
function modeOf({ protocol }: InterfaceFound, interfaceCount: number, { habits, notes }: Ways): DfuMode {
  if (habits.forceDfuMode || protocol === protocols.dfu) return 'dfu'
  if (protocol === protocols.runtime) return 'normal'
  const mode = interfaceCount === 1 ? 'dfu' : 'normal'
  notes.push(`bInterfaceProtocol is ${protocol}: it is taken to be in ${mode} mode`)
  return mode
}

function versionOf(functional: FunctionalFacts | null, { forcedVersion }: DfuHabits, notes: string[]): number {
  const told = functional?.version ?? null
  const version = forcedVersion ?? told
  if (version === dfuVersions.dfuse || version === dfuVersions.flip) return version
  if (version !== null && plainVersions.includes(version)) return version
  if (version !== null) notes.push(`its DFU version ${hex4(version)} is none: 1.1 is assumed`)
  return dfuVersions.plain
}

function transferBytesOf(functional: FunctionalFacts | null, version: number, { habits, notes }: Ways): number {
  const told = functional?.announcedTransferBytes ?? 0
  const isAccelerated = version === dfuVersions.dfuse && ((functional?.attributes ?? 0) & acceleratedBit) !== 0
  const wanted = habits.forcedTransferBytes || (isAccelerated ? mostTransferBytes : saneTransferBytes(told))
  const bytes = Math.min(Math.max(wanted, 1), mostTransferBytes)
  if (bytes !== told) notes.push(`its transfer size is ${told} bytes: ${bytes} are taken`)
  return bytes
}

/** Throws DFU_OTHER_PROTOCOL. */
export function refuseOtherProtocol(device: DescribedDevice, { isOtherProtocol }: DfuFacts): void {
  if (!isOtherProtocol) return
  throw new Fault('DFU_OTHER_PROTOCOL', `${usbIdText(device)} speaks Atmel FLIP, not DFU 1.1 or DfuSe`)
}

/** wIndex of DFU_DETACH: the interface, and with index-force-detach a bit above it. */
export function detachIndexOf({ interfaceNumber }: DfuFacts, { indexForceDetach }: DfuHabits): number {
  return indexForceDetach ? interfaceNumber | 0x100 : interfaceNumber
}

function hex4(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`
}
