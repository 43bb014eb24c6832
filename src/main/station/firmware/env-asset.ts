// The environment variables of an application bundle in the form that Device OS stores: a protobuf message with one
// entry (field 1) for each variable, each with its name (field 1) and its value (field 2).

export type Variables = Readonly<Record<string, string>>

const entryTag = 0x0a
const nameTag = 0x0a
const valueTag = 0x12

/** Name under which the encoded variables travel, in a bundle and onto a board. */
export const envAssetName = 'env'

/** In the order of their names: the same variables have one hash, whoever wrote them down. */
export function encodeVariables(variables: Variables): Uint8Array {
  const inOrder = Object.entries(variables).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const entries = inOrder.map(([name, value]) =>
    Buffer.concat([sized(nameTag, Buffer.from(name)), sized(valueTag, Buffer.from(value))]),
  )
  return Buffer.concat(entries.map((entry) => sized(entryTag, entry)))
}

/** The variables; null when the bytes are anything but exactly that form. */
export function decodeVariables(bytes: Uint8Array): Variables | null {
  const variables = new Map<string, string>()
  let rest = bytes
  while (rest.length > 0) {
    const entry = takeSized(rest, entryTag)
    const name = entry && takeSized(entry.data, nameTag)
    const value = name && takeSized(name.rest, valueTag)
    if (!entry || !name || !value || value.rest.length > 0) return null
    const texts = [name.data, value.data].map(textOf)
    const [key, text] = texts
    if (typeof key !== 'string' || typeof text !== 'string' || variables.has(key)) return null
    variables.set(key, text)
    rest = entry.rest
  }
  return Object.fromEntries(variables)
}

function sized(tag: number, data: Uint8Array): Uint8Array {
  const length: number[] = []
  let left = data.length
  for (; left > 0x7f; left >>>= 7) length.push((left & 0x7f) | 0x80)
  return Buffer.concat([Buffer.from([tag, ...length, left]), data])
}

function takeSized(bytes: Uint8Array, tag: number) {
  if (bytes[0] !== tag) return null
  let length = 0
  // Three bytes of length count to 2 MiB, far above what a bundle may bring.
  for (let at = 1; at <= 3; at += 1) {
    const byte = bytes[at]
    if (byte === undefined) return null
    length |= (byte & 0x7f) << ((at - 1) * 7)
    if (byte > 0x7f) continue
    const from = at + 1
    if (from + length > bytes.length) return null
    return { data: bytes.subarray(from, from + length), rest: bytes.subarray(from + length) }
  }
  return null
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not UTF-8: no variables of ours.
    return null
  }
}
