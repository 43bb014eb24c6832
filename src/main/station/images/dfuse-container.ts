// ST's container of images with addresses (UM0391, "DfuSe File Format Specification"): a prefix, targets for an alternate
// setting each, elements with an address each. Every count and size must agree with every other; nothing may be left.
import { hex, viewOf } from '../firmware/module-format.ts'
import type { Refuse } from '../firmware/refusal.ts'
import { maxElements } from './image-limits.ts'
import type { ImagePiece } from './payload.ts'

const prefixBytes = 11
const targetBytes = 274
const elementBytes = 8
const nameBytes = 255
const prefixSignature = 'DfuSe'
const targetSignature = 'Target'

export interface DfuseContainer {
  readonly pieces: readonly ImagePiece[]
  readonly notes: readonly string[]
}

export function isDfuse(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0, prefixSignature)
}

interface Reading {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly refuse: Refuse
  readonly pieces: ImagePiece[]
  readonly names: Map<number, string[]>
  at: number
}

/** `bytes`: the file without its DFU suffix. Refuses TRUNCATED, SIZE_MISMATCH, BAD_VERSION, BAD_DFUSE and NO_ELEMENTS. */
export function readDfuse(bytes: Uint8Array, refuse: Refuse): DfuseContainer {
  if (!isDfuse(bytes)) refuse('BAD_DFUSE', 'the suffix says DfuSe and the file does not begin so')
  if (bytes.length < prefixBytes) refuse('TRUNCATED', 'the file ends inside its DfuSe prefix')
  const view = viewOf(bytes)
  const version = view.getUint8(5)
  if (version !== 1) refuse('BAD_VERSION', `DfuSe format version ${version}; there is version 1 alone`)
  checkSize(view.getUint32(6, true), bytes.length, refuse)
  const targets = view.getUint8(10)
  if (targets === 0) refuse('NO_ELEMENTS', 'the DfuSe prefix says 0 targets')
  const reading: Reading = { bytes, view, refuse, pieces: [], names: new Map(), at: prefixBytes }
  for (let target = 1; target <= targets; target += 1) readTarget(reading, `target ${target} of ${targets}`)
  const left = bytes.length - reading.at
  if (left > 0) refuse('SIZE_MISMATCH', `${left} bytes stand behind the last of ${targets} targets`)
  return { pieces: reading.pieces, notes: notesOf(reading.names) }
}

function checkSize(stated: number, actual: number, refuse: Refuse): void {
  if (stated === actual) return
  const what = `the DfuSe prefix says ${stated} bytes, there are ${actual} before the suffix`
  refuse(stated > actual ? 'TRUNCATED' : 'SIZE_MISMATCH', what)
}

function readTarget(reading: Reading, title: string): void {
  const { bytes, view, refuse, at } = reading
  if (bytes.length - at < targetBytes) refuse('TRUNCATED', `the file ends inside the head of ${title}`)
  if (!startsWith(bytes, at, targetSignature)) refuse('BAD_DFUSE', `${title} does not begin with "Target"`)
  const alternate = view.getUint8(at + 6)
  const isNamed = view.getUint32(at + 7, true) !== 0
  const name = isNamed ? nameOf(bytes.subarray(at + 11, at + 11 + nameBytes), title, refuse) : null
  const sizeBytes = view.getUint32(at + 266, true)
  const elements = view.getUint32(at + 270, true)
  if (elements === 0) refuse('NO_ELEMENTS', `${title} has 0 elements`)
  reading.at += targetBytes
  const end = reading.at + sizeBytes
  if (end > bytes.length) refuse('TRUNCATED', `${title} says ${sizeBytes} bytes, more than the file has`)
  for (let element = 1; element <= elements; element += 1) {
    if (reading.pieces.length >= maxElements) refuse('TOO_LARGE', `more than ${maxElements} elements`)
    readElement(reading, { alternate, end, title: `element ${element} of ${elements} of ${title}` })
  }
  if (reading.at !== end) refuse('SIZE_MISMATCH', `${title} says ${sizeBytes} bytes, its elements have fewer`)
  reading.names.set(alternate, [...(reading.names.get(alternate) ?? []), name ?? ''])
}

function readElement(
  reading: Reading,
  of: { readonly alternate: number; readonly end: number; readonly title: string },
): void {
  const { bytes, view, refuse, at } = reading
  if (of.end - at < elementBytes) refuse('SIZE_MISMATCH', `${of.title} does not fit into its target`)
  const address = view.getUint32(at, true)
  const sizeBytes = view.getUint32(at + 4, true)
  const from = at + elementBytes
  if (sizeBytes === 0) refuse('NO_ELEMENTS', `${of.title} has no bytes`)
  if (from + sizeBytes > of.end) {
    refuse('SIZE_MISMATCH', `${of.title} says ${sizeBytes} bytes for ${hex(address)}, more than its target has`)
  }
  reading.pieces.push({ alternate: of.alternate, address, bytes: bytes.subarray(from, from + sizeBytes) })
  reading.at = from + sizeBytes
}

/** Up to the first 0; what tools leave behind it means nothing. */
function nameOf(field: Uint8Array, title: string, refuse: Refuse): string {
  const zero = field.indexOf(0)
  const name = Buffer.from(zero < 0 ? field : field.subarray(0, zero)).toString('latin1')
  if (!/^[\x20-\x7e\xa0-\xff]*$/.test(name)) refuse('BAD_DFUSE', `the name of ${title} is no text`)
  return name
}

function notesOf(names: ReadonlyMap<number, readonly string[]>): readonly string[] {
  return [...names].flatMap(([alternate, all]) => {
    const told = all.filter((name) => name !== '').map((name) => JSON.stringify(name))
    const named = told.length > 0 ? [`alternate setting ${alternate} is called ${told.join(', ')} in the file`] : []
    const several = all.length > 1 ? [`${all.length} targets for alternate setting ${alternate}`] : []
    return [...several, ...named]
  })
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text
}
