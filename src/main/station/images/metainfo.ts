// The metainfo of a fwupd cabinet (AppStream, a component of type "firmware"): for which devices a firmware is, which
// versions there are, which file is the payload of each and what its checksums must be. Text in, values out.
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { Refuse } from '../firmware/refusal.ts'
import { maxMetainfoBytes } from './image-limits.ts'

export interface Metainfo {
  /** "com.example.blinky.firmware" */
  readonly id: string
  readonly guids: readonly string[]
  /** "org.usb.dfu", where it says so. */
  readonly protocols: readonly string[]
  /** Conditions that fwupd would ask: "firmware 1.2". */
  readonly requires: readonly string[]
  /** In the order of the file: the newest first, where its writer kept to the rule. */
  readonly releases: readonly MetainfoRelease[]
}

export interface MetainfoRelease {
  readonly version: string
  readonly fileName: string
  readonly checksums: readonly { readonly type: string; readonly value: string }[]
  readonly sizeBytes: number | null
}

const defaultPayload = 'firmware.bin'
const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Hexadecimal digits of each kind of checksum. */
const digits: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha384: 96, sha512: 128 }

/** null for metainfo of something else than firmware. Refuses BAD_METAINFO and TOO_LARGE. */
export function readMetainfo(bytes: Uint8Array, refuse: Refuse): Metainfo | null {
  if (bytes.length > maxMetainfoBytes) refuse('TOO_LARGE', `${bytes.length} bytes; ${maxMetainfoBytes} is the most`)
  const component = rootOf(bytes, refuse)
  if (component.name !== 'component') refuse('BAD_METAINFO', `<${component.name}> in place of <component>`)
  if (component.attributes['type'] !== 'firmware') return null
  const guids = below(component, 'provides', 'firmware')
    .filter(({ attributes }) => attributes['type'] === 'flashed')
    .map((each) => textOf(each).toLowerCase())
  const wrong = guids.find((guid) => !guidForm.test(guid))
  if (wrong !== undefined) refuse('BAD_METAINFO', `${JSON.stringify(wrong)} is no GUID`)
  if (guids.length === 0) refuse('BAD_METAINFO', 'it does not say for which devices it is (<provides>)')
  const releases = below(component, 'releases', 'release').map((release) => readRelease(release, refuse))
  if (releases.length === 0) refuse('BAD_METAINFO', 'it has no release')
  return {
    id: childrenOf(component, 'id').map(textOf)[0] ?? '',
    guids: [...new Set(guids)],
    protocols: below(component, 'custom', 'value')
      .filter(({ attributes }) => attributes['key'] === 'LVFS::UpdateProtocol')
      .map(textOf),
    requires: childrenOf(component, 'requires').flatMap((each) => elementsOf(each).map(conditionOf)),
    releases,
  }
}

function rootOf(bytes: Uint8Array, refuse: Refuse): XmlElement {
  try {
    const root = parseXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).root
    if (root) return root
  } catch (thrown) {
    // Also the stack, where elements are nested without end.
    const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)
    return refuse('BAD_METAINFO', `it is not XML in UTF-8 (${why})`, thrown)
  }
  return refuse('BAD_METAINFO', 'it has no element')
}

function readRelease(release: XmlElement, refuse: Refuse): MetainfoRelease {
  const version = release.attributes['version'] ?? ''
  if (!/^[\w.+~:-]{1,100}$/.test(version)) refuse('BAD_METAINFO', `a release of version ${JSON.stringify(version)}`)
  const artifacts = below(release, 'artifacts', 'artifact').filter(({ attributes }) => attributes['type'] === 'binary')
  const stated = childrenOf(release, 'checksum').filter(({ attributes }) => attributes['target'] === 'content')
  const names = new Set([
    ...stated.map(({ attributes }) => attributes['filename'] ?? defaultPayload),
    ...artifacts.flatMap((artifact) => childrenOf(artifact, 'filename').map(textOf)),
  ])
  if (names.size > 1) refuse('BAD_METAINFO', `version ${version} names the payloads ${[...names].join(' and ')}`)
  const [name = defaultPayload] = names
  const checksums = [...stated, ...artifacts.flatMap((artifact) => childrenOf(artifact, 'checksum'))]
  return {
    version,
    fileName: name.replaceAll('\\', '/').split('/').at(-1) ?? name,
    // One without a value only names the file: LVFS fills it in when it signs.
    checksums: checksums.filter((each) => textOf(each) !== '').map((each) => readChecksum(each, refuse)),
    sizeBytes: installedSize([release, ...artifacts], refuse),
  }
}

function readChecksum(element: XmlElement, refuse: Refuse) {
  const value = textOf(element).toLowerCase()
  const type = (element.attributes['type'] ?? 'sha1').toLowerCase()
  const length = digits[type] ?? refuse('BAD_METAINFO', `a checksum of the type ${JSON.stringify(type)}`)
  if (value.length !== length || !/^[0-9a-f]+$/.test(value)) {
    refuse('BAD_METAINFO', `${JSON.stringify(value)} is no ${type} checksum`)
  }
  return { type, value }
}

function installedSize(places: readonly XmlElement[], refuse: Refuse): number | null {
  const stated = places
    .flatMap((place) => childrenOf(place, 'size'))
    .filter(({ attributes }) => attributes['type'] === 'installed')
    .map(textOf)
  const [first] = stated
  if (first === undefined) return null
  if (!/^\d{1,12}$/.test(first) || stated.some((other) => other !== first)) {
    refuse('BAD_METAINFO', `${stated.join(' and ')} is no size`)
  }
  return Number(first)
}

/** "firmware 1.2 ge", as far as one line can say it. */
function conditionOf(element: XmlElement): string {
  const { compare, version } = element.attributes
  return [element.name, textOf(element), compare, version].filter(Boolean).join(' ')
}

function below(element: XmlElement, parent: string, name: string): readonly XmlElement[] {
  return childrenOf(element, parent).flatMap((each) => childrenOf(each, name))
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return elementsOf(element).filter((child) => child.name === name)
}

function elementsOf({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => child instanceof XmlElement)
}

/** Its own text alone: what is nested deeper says something else. */
function textOf({ children }: XmlElement): string {
  return children
    .map((child) => ('text' in child && !(child instanceof XmlElement) ? child.text : ''))
    .join('')
    .trim()
}
