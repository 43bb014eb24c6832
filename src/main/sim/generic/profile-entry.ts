// How a bench file words a plain DFU device: each field replaces one of the default profile, and what no device could be
// is refused with the name of its field.
import { z } from 'zod'
import { status } from '../dfu/dfu-words.ts'
import { type DeviceProfile, defaultMemory, defaultProfile, testVendorId, type UsbIds } from './device-profile.ts'

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
    pageBytes: z.int().min(64).max(mostFlashBytes).default(defaultMemory.pageBytes),
    eraseMsPerPage: ms.default(defaultMemory.eraseMsPerPage),
    programMsPerKib: ms.default(defaultMemory.programMsPerKib),
  })
  .refine(({ sizeBytes, pageBytes }) => sizeBytes % pageBytes === 0, 'sizeBytes must be whole pages')

export const profileSchema = z.strictObject({
  productName: z.string().min(1).max(64).optional(),
  /** Vendor and product id of its program, and of its loader. */
  normalId: id.optional(),
  dfuId: id.optional(),
  attributes: z.array(z.enum(attributes)).optional(),
  detachTimeoutMs: z.int().min(0).max(0xffff).optional(),
  transferSizeBytes: z.int().min(64).max(chipPageBytes).optional(),
  memories: z.tuple([memorySchema]).rest(memorySchema).optional(),
  manifestMs: ms.optional(),
  returnsByItself: z.boolean().optional(),
  checksImages: z.boolean().optional(),
  refusal: z.strictObject({ block: z.int().min(0).max(0xffff), status: z.enum(statusNames) }).optional(),
})

type ProfileEntry = z.infer<typeof profileSchema>

export function profileOf({ normalId, dfuId, attributes: names, ...rest }: ProfileEntry): DeviceProfile {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { ids } = defaultProfile
  return {
    ...defaultProfile,
    ...given,
    ids: { normal: idsOf(normalId) ?? ids.normal, dfu: idsOf(dfuId) ?? ids.dfu },
    attributes: names
      ? {
          canDownload: names.includes('download'),
          canUpload: names.includes('upload'),
          isManifestationTolerant: names.includes('manifestation-tolerant'),
          willDetach: names.includes('will-detach'),
        }
      : defaultProfile.attributes,
  }
}

function idsOf(text: string | undefined): UsbIds | null {
  if (text === undefined) return null
  return { vendorId: testVendorId, productId: Number.parseInt(text.slice(5), 16) }
}
