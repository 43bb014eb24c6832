// Reads the extension records of a prefix or suffix. Each record names its own length, so every step is checked
// against the space that is left; a length below 4 would never end.
import { parseSha256, type Sha256 } from '../../../shared/model/ids.ts'
import type { ModuleExtension, RequiredAsset } from './module-facts.ts'
import { extensionTypes, viewOf } from './module-format.ts'
import type { RawDependency } from './module-prefix.ts'
import type { Refuse } from './refusal.ts'

interface Region {
  readonly where: 'prefix' | 'suffix'
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

const recordHead = 4

/** Records from `from` up to and with END; without END they must fill the region exactly, and a prefix needs its END. */
export function readExtensions(bytes: Uint8Array, region: Region, refuse: Refuse): readonly ModuleExtension[] {
  const view = viewOf(bytes)
  const records: ModuleExtension[] = []
  let at = region.from
  while (at < region.to) {
    if (region.to - at < recordHead) refuse('BAD_EXTENSION', `${region.where} extension cut short`)
    const type = view.getUint16(at, true)
    if (type === extensionTypes.invalid) return records
    const sizeBytes = view.getUint16(at + 2, true)
    if (sizeBytes < recordHead || at + sizeBytes > region.to) {
      refuse(
        'BAD_EXTENSION',
        `${region.where} extension of type ${type} has length ${sizeBytes}, ${region.to - at} left`,
      )
    }
    records.push({ where: region.where, type, sizeBytes, data: bytes.subarray(at + recordHead, at + sizeBytes) })
    at += sizeBytes
    if (type === extensionTypes.end) return records
  }
  if (region.where === 'prefix') refuse('BAD_EXTENSION', 'the prefix extensions have no END record')
  return records
}

export function extensionDependencies(records: readonly ModuleExtension[], refuse: Refuse): readonly RawDependency[] {
  return ofType(records, extensionTypes.dependency).map(({ data }) => {
    if (data.length < 4) return refuse('BAD_EXTENSION', 'dependency extension cut short')
    const view = viewOf(data)
    return { functionId: view.getUint8(0), index: view.getUint8(1), version: view.getUint16(2, true) }
  })
}

export function requiredAssets(records: readonly ModuleExtension[], refuse: Refuse): readonly RequiredAsset[] {
  return ofType(records, extensionTypes.assetDependency).map(({ data }) => ({
    sha256: hashIn(data, refuse),
    name: textIn(data.subarray(hashHead + sha256Size), refuse),
  }))
}

/** Name and hash of an asset module; both must be there. */
export function assetIdentity(records: readonly ModuleExtension[], refuse: Refuse): RequiredAsset {
  const name = ofType(records, extensionTypes.name)[0] ?? refuse('BAD_EXTENSION', 'asset module without a name')
  const hash = ofType(records, extensionTypes.hash)[0] ?? refuse('BAD_EXTENSION', 'asset module without a hash')
  return { name: textIn(name.data, refuse), sha256: hashIn(hash.data, refuse) }
}

/** Security mode 1 (protected) locks the board at the next start. */
export function setsSecurityMode(records: readonly ModuleExtension[]): boolean {
  return ofType(records, extensionTypes.securityMode).some(({ data }) => (data[0] ?? 0) !== 0)
}

function ofType(records: readonly ModuleExtension[], type: number): readonly ModuleExtension[] {
  return records.filter((record) => record.type === type)
}

const hashHead = 2
const sha256Size = 32

function hashIn(data: Uint8Array, refuse: Refuse): Sha256 {
  if (data.length < hashHead + sha256Size || data[0] !== 0 || data[1] !== sha256Size) {
    return refuse('BAD_EXTENSION', 'hash extension is not a SHA-256')
  }
  const text = Buffer.from(data.subarray(hashHead, hashHead + sha256Size)).toString('hex')
  return parseSha256(text) ?? refuse('BAD_EXTENSION', 'hash extension is not a SHA-256')
}

function textIn(data: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data)
  } catch (thrown) {
    return refuse('BAD_EXTENSION', 'an asset name is not UTF-8', thrown)
  }
}
