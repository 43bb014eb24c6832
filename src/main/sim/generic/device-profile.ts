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
  readonly pageBytes: number
  readonly eraseMsPerPage: number
  readonly programMsPerKib: number
}

/** A block that the loader takes and then finds bad, whatever is in it: how each status code can be met. */
export interface Refusal {
  readonly block: number
  readonly status: keyof typeof status
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
  /** By alternate setting; the first holds the program. */
  readonly memories: readonly [MemoryProfile, ...MemoryProfile[]]
  readonly manifestMs: number
  /** After a manifestation that it does not tolerate: starts its program without waiting for a bus reset. */
  readonly returnsByItself: boolean
  /** Takes only images with the header of image-header.ts, whole and undamaged. */
  readonly checksImages: boolean
  readonly refusal: Refusal | null
}

/** A chip with the loader of ST in its ROM: what its program shows is in the program itself (st-program.ts). */
export interface StProfile extends CommonProfile {
  readonly protocol: 'dfuse'
  readonly chip: StChipName
  /** What the program of the factory shows; null: the flash is blank. */
  readonly program: ProgramShow | null
  readonly isReadProtected: boolean
}

export type DeviceProfile = PlainProfile | StProfile

/** Ids that pid.codes keeps free for tests in private: no product has them. */
export const testVendorId = 0x1209

export const defaultMemory: MemoryProfile = {
  name: 'Program',
  sizeBytes: 128 * 1024,
  pageBytes: 2048,
  eraseMsPerPage: 20,
  programMsPerKib: 14,
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
  manifestMs: 50,
  returnsByItself: true,
  checksImages: false,
  refusal: null,
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
}
