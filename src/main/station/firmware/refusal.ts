// A refusal: the fault of a file that the station will not take, with the reason as a class a program can act on and
// the layer that found it. The sentence in the detail names the file; the class never changes with the wording.
import { Fault } from '../../../shared/fault/fault.ts'

/**
 * parse: one module. zip, hex: the container. fetch: an address. set: modules together. image: a file for a DFU device that
 * is no Particle board. plan: a good file on the wrong board.
 */
export type RefusalLayer = 'parse' | 'zip' | 'hex' | 'fetch' | 'set' | 'image' | 'plan'

export type RefusalReason =
  // any file
  | 'EMPTY_FILE'
  | 'TOO_LARGE'
  | 'UNREADABLE'
  | 'UNSUPPORTED_FILE'
  // from an address
  | 'BAD_URL'
  | 'UNREACHABLE'
  | 'NOT_USER_FIRMWARE'
  // one module
  | 'TOO_SHORT'
  | 'NOT_FIRMWARE'
  | 'BAD_ADDRESS'
  | 'TRUNCATED'
  | 'SIZE_MISMATCH'
  | 'CRC_MISMATCH'
  | 'HASH_MISMATCH'
  | 'UNSUPPORTED_FLAGS'
  | 'BAD_FUNCTION'
  | 'BAD_DEPENDENCY'
  | 'BAD_SUFFIX'
  | 'BAD_EXTENSION'
  | 'UNKNOWN_PLATFORM'
  | 'UNSUPPORTED_PLATFORM'
  | 'FORBIDDEN_MODULE'
  | 'UNKNOWN_MODULE'
  | 'ADDRESS_RANGE'
  | 'BAD_COMBINED'
  | 'BAD_COMPRESSION'
  | 'UNSUPPORTED_COMPRESSION'
  // zip container
  | 'BAD_ZIP'
  | 'UNSUPPORTED_ZIP'
  | 'EMPTY_ARCHIVE'
  | 'TOO_MANY_ENTRIES'
  | 'UNSAFE_PATH'
  | 'UNSAFE_ENTRY'
  | 'DUPLICATE_ENTRY'
  | 'TOO_SLOW'
  // Intel HEX
  | 'HEX_SYNTAX'
  | 'HEX_CHECKSUM'
  | 'HEX_NO_EOF'
  | 'HEX_AFTER_EOF'
  | 'HEX_OVERLAP'
  | 'HEX_ADDRESS'
  | 'HEX_GAP'
  // modules together
  | 'NO_MODULES'
  | 'WRONG_PLATFORM'
  | 'DUPLICATE_MODULE'
  | 'NAME_MISMATCH'
  | 'MIXED_VERSIONS'
  | 'DEPENDENCY'
  | 'MANIFEST_MISMATCH'
  | 'BAD_MANIFEST'
  | 'ASSET_MISSING'
  | 'ASSET_HASH'
  | 'ASSET_LIMIT'
  // images for DFU devices
  | 'PARTICLE_MODULE'
  | 'BAD_VERSION'
  | 'BAD_DFUSE'
  | 'NO_ELEMENTS'
  | 'OVERLAP'
  | 'BAD_CAB'
  | 'UNSUPPORTED_CAB'
  | 'BAD_METAINFO'
  | 'MISSING_FILE'
  | 'AMBIGUOUS'
  // against a board
  | 'WRONG_DEVICE'
  | 'PACKED_MODULE'
  | 'LOCKS_BOARD'
  | 'NEEDS_ASSETS'

export interface RefusalFacts {
  readonly layer: RefusalLayer
  readonly reason: RefusalReason
  /** The file as the user knows it: "boron.zip: system-part1.bin". */
  readonly file: string
  /** What is wrong, without the file name: "the CRC is 1234abcd, the bytes give 5678ef01". */
  readonly what: string
  readonly cause?: unknown
}

/** Fault FIRMWARE_REFUSED, or PLAN_REFUSED at layer plan; the detail is "file: what [REASON]". */
export class Refusal extends Fault {
  readonly layer: RefusalLayer
  readonly reason: RefusalReason
  readonly file: string
  readonly what: string

  constructor(facts: RefusalFacts) {
    const code = facts.layer === 'plan' ? 'PLAN_REFUSED' : 'FIRMWARE_REFUSED'
    super(code, `${facts.file}: ${facts.what} [${facts.reason}]`, { cause: facts.cause })
    this.name = 'Refusal'
    this.layer = facts.layer
    this.reason = facts.reason
    this.file = facts.file
    this.what = facts.what
  }
}

/** Complaint of a step that does not know the file: (reason, what) becomes a thrown Refusal. */
export type Refuse = (reason: RefusalReason, what: string, cause?: unknown) => never

export function refuser(layer: RefusalLayer, file: string): Refuse {
  return (reason, what, cause) => {
    throw new Refusal({ layer, reason, file, what, cause })
  }
}

/** The same refusal as seen from the container: a bad module inside a zip is the fault of its set. */
export function atLayer(refusal: Refusal, layer: RefusalLayer): Refusal {
  return new Refusal({ layer, reason: refusal.reason, file: refusal.file, what: refusal.what, cause: refusal.cause })
}
