// What makes one kind of DFU device: the ids, descriptors, memories, times and habits of a product, as data. The default
// is a small microcontroller with a DFU 1.1 loader as many products have one; a bench file may change each part of it.
import type { status } from '../dfu/dfu-words.ts'
import type { StChipName } from './st-chips.ts'
import type { ProgramShow } from './st-program.ts'

export interface UsbIds {
  readonly vendorId: number
  readonly productId: number
}

/** bmAttributes of the functional descriptor (USB DFU 1.1, section 4.1.3). */
export interface DfuAttributes {
  readonly canDownload: boolean
  readonly canUpload: boolean
  readonly isManifestationTolerant: boolean
  /** Leaves the bus by itself after DFU_DETACH; else it waits for a bus reset. */
  readonly willDetach: boolean
}

/** One alternate setting and the flash behind it. */
export interface MemoryProfile {
  readonly name: string
  /** A multiple of 4096 and of the page. */
  readonly sizeBytes: number
  /** The interface whose alternate setting it is; absent: 0. */
  readonly interfaceNumber?: 0 | 1
  readonly pageBytes: number
  readonly eraseMsPerPage: number
  readonly programMsPerKib: number
}

/** A block that the loader takes and then finds bad, whatever is in it: how each status code can be met. */
export interface Refusal {
  readonly block: number
  readonly status: keyof typeof status
}

/** What the functional descriptor says, and where it is; null: as it should be. */
export interface DescriptorForm {
  /** short: 7 bytes, without bcdDFUVersion. missing: there is none. */
  readonly form: 'whole' | 'short' | 'missing'
  /** Behind the last alternate setting, or behind the first of several. */
  readonly place: 'last' | 'first'
  readonly toldTransferBytes: number | null
  readonly toldVersion: number
  /** Class, subclass, protocol of the interface in DFU mode. */
  readonly interfaceClass: readonly [number, number, number]
}

/** In what a device departs from the standard. */
export interface PlainOddities {
  /** bwPollTimeout: true; 0, 60 s or all its 24 bits whatever it does. */
  readonly poll: 'true' | 'zero' | 'minute' | 'most'
  /** What a request meets that comes in dfuDNBUSY: dfuERROR; a stall and nothing else; for GETSTATUS, dfuDNBUSY again. */
  readonly early: 'error' | 'stall' | 'busy'
  /** Works only while it is asked: so many questions for each block. Needs early "busy". */
  readonly questionsPerBlock: number
  /** A manifestation starts over when questions follow each other sooner. */
  readonly manifestPatienceMs: number
  /** rubbish: what it sends is not what it holds. not-after-status: stalls when the request before was GETSTATUS. */
  readonly upload: 'good' | 'rubbish' | 'not-after-status'
  /** deaf: says OK and writes nothing. flips: one byte of each download is another. */
  readonly writes: 'good' | 'deaf' | 'flips'
  /** Where a block belongs: by its number, or behind the one before. */
  readonly blocksBy: 'number' | 'order'
  /** What brings it to its program; alone: nothing of the host, whose bus reset spoils the new program. */
  readonly wayBack: 'bus-reset' | 'second-bus-reset' | 'detach' | 'alone'
  /** A bus reset starts its program only after an upload or a download. */
  readonly startsAfterTransfer: boolean
  /** forced: hears DFU_DETACH only with bit 8 of wIndex. */
  readonly detachIndex: 'interface' | 'forced'
}

interface CommonProfile {
  readonly productName: string
  /** Of its own program, and of its loader. */
  readonly ids: { readonly normal: UsbIds; readonly dfu: UsbIds }
  /** bcdDevice of the program it is made with; of its loader too, where that is no ROM. */
  readonly deviceRelease: number
  readonly detachTimeoutMs: number
}

export interface PlainProfile extends CommonProfile {
  readonly protocol: 'dfu'
  readonly attributes: DfuAttributes
  readonly transferSizeBytes: number
  /** By alternate setting, those of interface 0 first. */
  readonly memories: readonly [MemoryProfile, ...MemoryProfile[]]
  /** The alternate setting of interface 0 that holds the program. */
  readonly programAlternate: number
  /** What its program shows: DFU or none, beside a function of its own that nobody knows, or a Bluetooth controller. */
  readonly program: 'dfu-runtime' | 'no-dfu' | 'bluetooth'
  readonly manifestMs: number
  /** After a manifestation that it does not tolerate: starts its program without waiting for a bus reset. */
  readonly returnsByItself: boolean
  /** Takes only images with the header of image-header.ts, whole and undamaged. */
  readonly checksImages: boolean
  readonly refusal: Refusal | null
  readonly descriptor: DescriptorForm
  readonly oddities: PlainOddities
}

/** A chip with the loader of ST in its ROM: what its program shows is in the program itself (st-program.ts). */
export interface StProfile extends CommonProfile {
  readonly protocol: 'dfuse'
  readonly chip: StChipName
  /** What the program of the factory shows; null: the flash is blank. */
  readonly program: ProgramShow | null
  readonly isReadProtected: boolean
  /** bcdDFUVersion, right or wrong. */
  readonly toldVersion: number
  readonly writes: PlainOddities['writes']
}

/** A device without DFU. */
export interface OtherProfile {
  readonly protocol: 'none'
  readonly productName: string
  readonly ids: UsbIds
  readonly deviceRelease: number
}

export type DeviceProfile = PlainProfile | StProfile | OtherProfile

/** Ids that pid.codes keeps free for tests in private: no product has them. */
export const testVendorId = 0x1209

export const defaultMemory: MemoryProfile = {
  name: 'Program',
  sizeBytes: 128 * 1024,
  pageBytes: 2048,
  eraseMsPerPage: 20,
  programMsPerKib: 14,
}

const properDescriptor: DescriptorForm = {
  form: 'whole',
  place: 'last',
  toldTransferBytes: null,
  toldVersion: 0x0110,
  interfaceClass: [0xfe, 1, 2],
}

const noOddities: PlainOddities = {
  poll: 'true',
  early: 'error',
  questionsPerBlock: 0,
  manifestPatienceMs: 0,
  upload: 'good',
  writes: 'good',
  blocksBy: 'number',
  wayBack: 'bus-reset',
  startsAfterTransfer: false,
  detachIndex: 'interface',
}

export const defaultProfile: PlainProfile = {
  protocol: 'dfu',
  productName: 'Plain DFU Device',
  ids: {
    normal: { vendorId: testVendorId, productId: 0x0001 },
    dfu: { vendorId: testVendorId, productId: 0x0002 },
  },
  deviceRelease: 0x0100,
  attributes: { canDownload: true, canUpload: true, isManifestationTolerant: false, willDetach: true },
  detachTimeoutMs: 1000,
  transferSizeBytes: 1024,
  memories: [defaultMemory],
  programAlternate: 0,
  program: 'dfu-runtime',
  manifestMs: 50,
  returnsByItself: true,
  checksImages: false,
  refusal: null,
  descriptor: properDescriptor,
  oddities: noOddities,
}

export const defaultStProfile: StProfile = {
  protocol: 'dfuse',
  productName: 'STM32 Device',
  ids: {
    normal: { vendorId: testVendorId, productId: 0x0011 },
    dfu: { vendorId: 0x0483, productId: 0xdf11 },
  },
  deviceRelease: 0x0100,
  detachTimeoutMs: 255,
  chip: 'f4',
  program: null,
  isReadProtected: false,
  toldVersion: 0x011a,
  writes: 'good',
}

export const mouseProfile: OtherProfile = {
  protocol: 'none',
  productName: 'Optical Mouse',
  ids: { vendorId: testVendorId, productId: 0x0070 },
  deviceRelease: 0x0100,
}
