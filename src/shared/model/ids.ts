// Branded identifiers of the line. Each is made only by its parser here, so a value of the type has been checked.
// Ids are TEXT everywhere: a 20-digit ICCID or a 24-digit device ID is not a number.

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** 24 lower-case hex digits: the 12-byte device ID of a Particle board. */
export type DeviceId = Branded<'DeviceId'>
/** Physical USB place, "bus-port.port": constant across resets and mode switches, e.g. "2-1.4.3". */
export type PortPath = Branded<'PortPath'>
/** 18 to 22 digits (some issuers end in F): the identity of a SIM. */
export type Iccid = Branded<'Iccid'>
/** Identity of one row of the ledger: a UUID version 7, so text order is time order. */
export type RecordId = Branded<'RecordId'>
/** Lower-case hex SHA-256, 64 digits. */
export type Sha256 = Branded<'Sha256'>

const deviceIdPattern = /^[0-9a-f]{24}$/
const portPathPattern = /^\d+-\d+(\.\d+)*$/
const iccidPattern = /^\d{17,21}[\dF]$/
const sha256Pattern = /^[0-9a-f]{64}$/

/** Parses any spelling a board uses (upper case in raw request 20, lower case in descriptors); null when it is none. */
export function parseDeviceId(text: string): DeviceId | null {
  const lower = text.trim().toLowerCase()
  return deviceIdPattern.test(lower) ? (lower as DeviceId) : null
}

export function parsePortPath(text: string): PortPath | null {
  return portPathPattern.test(text) ? (text as PortPath) : null
}

export function parseIccid(text: string): Iccid | null {
  const upper = text.trim().toUpperCase()
  return iccidPattern.test(upper) ? (upper as Iccid) : null
}

export function parseSha256(text: string): Sha256 | null {
  const lower = text.toLowerCase()
  return sha256Pattern.test(lower) ? (lower as Sha256) : null
}

/** Record ids are made by the ledger; everybody else only passes them on. */
export function asRecordId(text: string): RecordId {
  return text as RecordId
}
