// The firmwares of a fwupd cabinet: each component of each metainfo with the payload of each of its releases, checked
// against the checksums and sizes that are stated of it, and read like a file by itself.
import { createHash } from 'node:crypto'
import { type Refuse, refuser } from '../firmware/refusal.ts'
import { openCabinet } from './cabinet.ts'
import { maxCabFirmwares, maxMetainfoBytes } from './image-limits.ts'
import { type Metainfo, type MetainfoRelease, readMetainfo } from './metainfo.ts'
import { imageOf, type ParsedImage } from './payload.ts'
import { readPayload } from './read-payload.ts'

/** What a cabinet may be for, of fwupd's names of protocols. */
const dfuProtocols: readonly string[] = ['org.usb.dfu', 'com.st.dfuse']
const signatureFile = /\.(jcat|asc|p7[bc]?)$/i
const metainfoFile = /\.metainfo\.xml$/i

interface Opened {
  readonly bytes: Uint8Array
  readonly name: string
  readonly refuse: Refuse
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Of all of them: who signed, and that nobody asked. */
  readonly note: string
}

/** In the order of the cabinet. Refuses what openCabinet, readMetainfo and readPayload refuse, and what does not fit together. */
export function cabFirmwares(bytes: Uint8Array, name: string): readonly ParsedImage[] {
  const refuse = refuser('image', name)
  const { files, isSigned } = openCabinet(bytes, refuse)
  const opened: Opened = { bytes, name, refuse, files, note: signatureNote([...files.keys()], isSigned) }
  const metainfos = [...files].filter(([file]) => metainfoFile.test(file))
  const metainfoBytes = metainfos.reduce((sum, [, text]) => sum + text.length, 0)
  if (metainfoBytes > maxMetainfoBytes) {
    refuse('TOO_LARGE', `${metainfoBytes} bytes of metainfo; ${maxMetainfoBytes} is the most`)
  }
  const components = metainfos.flatMap(([file, text]) => readMetainfo(text, refuser('image', `${name}: ${file}`)) ?? [])
  if (components.length === 0) refuse('MISSING_FILE', 'the cabinet has no metainfo (*.metainfo.xml) of any firmware')
  const usable = components.filter(isForDfu)
  if (usable.length === 0) {
    const protocols = components.flatMap(({ protocols: all }) => all).join(', ')
    refuse('UNSUPPORTED_FILE', `made for ${protocols}, not for DFU (${dfuProtocols.join(', ')})`)
  }
  const count = usable.reduce((sum, component) => sum + payloadsOf(component, opened).length, 0)
  if (count > maxCabFirmwares) refuse('TOO_LARGE', `${count} firmwares; ${maxCabFirmwares} is the most`)
  return usable.flatMap((component) => firmwaresOf(component, opened))
}

/** Names of the files of the cabinet that a release names. */
function payloadsOf({ releases }: Metainfo, { files }: Opened): readonly string[] {
  return [...new Set(releases.map(({ fileName }) => fileName))].filter((file) => files.has(file))
}

function isForDfu({ protocols }: Metainfo): boolean {
  return protocols.length === 0 || protocols.some((protocol) => dfuProtocols.includes(protocol))
}

function signatureNote(names: readonly string[], isSigned: boolean): string {
  const signatures = names.filter((name) => signatureFile.test(name))
  if (isSigned) signatures.push('Authenticode')
  if (signatures.length === 0) return 'the cabinet is not signed'
  return `the signature of the cabinet (${signatures.join(', ')}) is not checked`
}

/** Releases whose payload is in the cabinet; others are history. */
function firmwaresOf(component: Metainfo, opened: Opened): readonly ParsedImage[] {
  const { releases, id } = component
  const present = payloadsOf(component, opened)
  if (present.length === 0) {
    const named = releases.map(({ version, fileName }) => `${fileName} (${version})`).join(', ')
    opened.refuse('MISSING_FILE', `${id} names ${named}, which is not in the cabinet`)
  }
  return present.map((file) => {
    const payload = opened.files.get(file) ?? new Uint8Array(0)
    const refuse = refuser('image', `${opened.name}: ${file}`)
    const release = releaseOf(
      releases.filter(({ fileName }) => fileName === file),
      payload,
      refuse,
    )
    return firmwareOf({ component, release, payload, refuse }, opened)
  })
}

/** Of the releases that name a payload the one whose checksums it has; without checksums the first. */
function releaseOf(releases: readonly MetainfoRelease[], payload: Uint8Array, refuse: Refuse): MetainfoRelease {
  const sums = sumsOf(payload)
  const proven = releases.find((release) => release.checksums.length > 0 && wrongSum(release, sums) === null)
  const unsummed = releases.find(({ checksums }) => checksums.length === 0)
  const [first] = releases
  const release = proven ?? unsummed ?? first ?? refuse('BAD_METAINFO', 'no release names this file')
  const wrong = wrongSum(release, sums)
  if (wrong !== null) refuse('HASH_MISMATCH', `version ${release.version}: ${wrong}`)
  if (release.sizeBytes !== null && release.sizeBytes !== payload.length) {
    refuse('SIZE_MISMATCH', `the metainfo says ${release.sizeBytes} bytes, the payload has ${payload.length}`)
  }
  return release
}

/** Each kind of sum once: a metainfo may have thousands of releases of one large payload. */
function sumsOf(payload: Uint8Array): (type: string) => string {
  const known = new Map<string, string>()
  return (type) => {
    const sum = known.get(type) ?? createHash(type).update(payload).digest('hex')
    known.set(type, sum)
    return sum
  }
}

function wrongSum({ checksums }: MetainfoRelease, sums: (type: string) => string): string | null {
  for (const { type, value } of checksums) {
    const actual = sums(type)
    if (actual !== value) return `the metainfo says ${type} ${value}, the payload has ${actual}`
  }
  return null
}

function firmwareOf(
  found: {
    readonly component: Metainfo
    readonly release: MetainfoRelease
    readonly payload: Uint8Array
    readonly refuse: Refuse
  },
  { bytes, name, note }: Opened,
): ParsedImage {
  const { component, release, refuse } = found
  const { fileName, version } = release
  const payload = readPayload(found.payload, fileName, refuse)
  const unsummed = release.checksums.length === 0 ? ['the metainfo has no checksum of the payload'] : []
  const requires = component.requires.map((condition) => `the cabinet requires "${condition}", which is not checked`)
  // What the suffix would have said, the metainfo says.
  const inner = payload.format === 'raw' || payload.format === 'hex' ? [] : payload.notes
  return imageOf(
    { ...payload, format: 'cab', notes: [note, ...unsummed, ...requires, ...inner] },
    { bytes, source: `${name}: ${fileName}`, guids: component.guids, version },
  )
}
