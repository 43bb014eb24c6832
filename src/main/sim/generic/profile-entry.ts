// How a bench file words a device that is no Particle board: each field replaces one of its kind's profile, and what no
// device could be is refused with the name of its field.
import { z } from 'zod'
import { status } from '../dfu/dfu-words.ts'
import { defaultMemory, type PlainProfile, type StProfile, testVendorId, type UsbIds } from './device-profile.ts'
import { stChips } from './st-chips.ts'

const attributes = ['download', 'upload', 'manifestation-tolerant', 'will-detach'] as const
const statusNames = Object.keys(status) as [keyof typeof status, ...(keyof typeof status)[]]
const chipPageBytes = 4096
const mostFlashBytes = 16 * 1024 * 1024
const mostMs = 60_000
/** The first sixteen of the vendor id that pid.codes keeps for tests in private. */
const testIdPattern = /^1209:00(0[1-9a-f]|10)$/

const id = z.string().regex(testIdPattern, 'must be 1209:0001 to 1209:0010, which are free for tests in private')
const ms = z.number().min(0).max(mostMs)

const memorySchema = z
  .strictObject({
    name: z.string().min(1).max(64).default(defaultMemory.name),
    sizeBytes: z
      .int()
      .min(chipPageBytes)
      .max(mostFlashBytes)
      .multipleOf(chipPageBytes)
      .default(defaultMemory.sizeBytes),
    interfaceNumber: z.union([z.literal(0), z.literal(1)]).default(0),
    pageBytes: z.int().min(64).max(mostFlashBytes).default(defaultMemory.pageBytes),
    eraseMsPerPage: ms.default(defaultMemory.eraseMsPerPage),
    programMsPerKib: ms.default(defaultMemory.programMsPerKib),
  })
  .refine(({ sizeBytes, pageBytes }) => sizeBytes % pageBytes === 0, 'sizeBytes must be whole pages')

const byte = z.int().min(0).max(0xff)
const word = z.int().min(0).max(0xffff)

const descriptorSchema = z.strictObject({
  form: z.enum(['whole', 'short', 'missing']).optional(),
  place: z.enum(['last', 'first']).optional(),
  toldTransferBytes: word.optional(),
  toldVersion: word.optional(),
  interfaceClass: z.tuple([byte, byte, byte]).optional(),
})

const odditiesSchema = z.strictObject({
  poll: z.enum(['true', 'zero', 'minute', 'most']).optional(),
  early: z.enum(['error', 'stall', 'busy']).optional(),
  questionsPerBlock: z.int().min(0).max(1000).optional(),
  manifestPatienceMs: ms.optional(),
  upload: z.enum(['good', 'rubbish', 'not-after-status']).optional(),
  writes: z.enum(['good', 'deaf', 'flips']).optional(),
  blocksBy: z.enum(['number', 'order']).optional(),
  wayBack: z.enum(['bus-reset', 'second-bus-reset', 'detach', 'alone']).optional(),
  startsAfterTransfer: z.boolean().optional(),
  detachIndex: z.enum(['interface', 'forced']).optional(),
})

/** A plain DFU device. */
export const plainSchema = z.strictObject({
  productName: z.string().min(1).max(64).optional(),
  /** Vendor and product id of its program, and of its loader. */
  normalId: id.optional(),
  dfuId: id.optional(),
  attributes: z.array(z.enum(attributes)).optional(),
  detachTimeoutMs: word.optional(),
  transferSizeBytes: z.int().min(64).max(chipPageBytes).optional(),
  memories: z.tuple([memorySchema]).rest(memorySchema).optional(),
  manifestMs: ms.optional(),
  returnsByItself: z.boolean().optional(),
  checksImages: z.boolean().optional(),
  refusal: z.strictObject({ block: word, status: z.enum(statusNames) }).optional(),
  /** What its program shows beside its own function. */
  program: z.enum(['dfu-runtime', 'no-dfu', 'bluetooth']).optional(),
  descriptor: descriptorSchema.optional(),
  oddities: odditiesSchema.optional(),
})

/** A chip with the loader of ST. The ids of its ROM are what they are. */
export const stSchema = z.strictObject({
  productName: z.string().min(1).max(64).optional(),
  normalId: id.optional(),
  /** bcdDevice of the program it is made with. */
  release: word.optional(),
  chip: z.enum(Object.keys(stChips) as [keyof typeof stChips]).optional(),
  /** What the program of the factory shows on USB; "none": the flash is blank. */
  program: z.enum(['dfu-runtime', 'no-dfu', 'dark', 'none']).optional(),
  readProtected: z.boolean().optional(),
  /** bcdDFUVersion as its descriptor has it. */
  toldVersion: word.optional(),
  writes: z.enum(['good', 'deaf', 'flips']).optional(),
  detachTimeoutMs: word.optional(),
})

export function plainProfileOf(base: PlainProfile, entry: z.infer<typeof plainSchema>): PlainProfile {
  const { normalId, dfuId, attributes: names, descriptor, oddities, ...rest } = entry
  return {
    ...base,
    ...givenOf(rest),
    ids: { normal: idsOf(normalId) ?? base.ids.normal, dfu: idsOf(dfuId) ?? base.ids.dfu },
    attributes: names
      ? {
          canDownload: names.includes('download'),
          canUpload: names.includes('upload'),
          isManifestationTolerant: names.includes('manifestation-tolerant'),
          willDetach: names.includes('will-detach'),
        }
      : base.attributes,
    descriptor: { ...base.descriptor, ...givenOf(descriptor ?? {}) },
    oddities: { ...base.oddities, ...givenOf(oddities ?? {}) },
  }
}

export function stProfileOf(base: StProfile, entry: z.infer<typeof stSchema>): StProfile {
  const { normalId, release, program, readProtected, ...rest } = entry
  return {
    ...base,
    ...givenOf(rest),
    ids: { ...base.ids, normal: idsOf(normalId) ?? base.ids.normal },
    deviceRelease: release ?? base.deviceRelease,
    program: program === undefined ? base.program : program === 'none' ? null : program,
    isReadProtected: readProtected ?? base.isReadProtected,
  }
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function givenOf<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>
}

function idsOf(text: string | undefined): UsbIds | null {
  if (text === undefined) return null
  return { vendorId: testVendorId, productId: Number.parseInt(text.slice(5), 16) }
}
