// What is in force for one device that is named and not plugged in: its revision may be anything.
import { type DfuInstance, usbIdText } from '../../shared/model/dfu-identity.ts'
import { type DeviceIds, instancesOf } from '../station/devices/instance-ids.ts'
import { habitsOf } from '../station/devices/quirk-book.ts'
import type { QuirkBook } from '../station/devices/quirk-file.ts'
import { sharedLoaderOf } from '../station/devices/shared-loaders.ts'

export interface NamedDevice {
  readonly vendorId: number
  readonly productId: number
  /** null: any. */
  readonly revision: number | null
}

export interface QuirkReport {
  readonly usbId: string
  readonly instances: readonly DfuInstance[]
  /** Whose loader it is, where many products have it. */
  readonly sharedLoader: string | null
  /** The first for any revision that no row names, unless one was given; then each revision that a row names. */
  readonly inForce: readonly QuirkSet[]
}

export interface QuirkSet {
  /** "0x0200"; null for any other. */
  readonly revision: string | null
  readonly quirks: readonly string[]
  readonly unused: readonly string[]
  readonly rows: readonly { readonly section: string; readonly origin: string; readonly line: number }[]
}

/** "1d50:5119", "1d50:5119:0200", "USB\\VID_1D50&PID_5119" or that with "&REV_0200"; null for anything else. */
export function namedDevice(name: string): NamedDevice | null {
  const short = /^([0-9a-f]{4}):([0-9a-f]{4})(?::([0-9a-f]{4}))?$/i.exec(name)
  const long = /^USB\\VID_([0-9a-f]{4})&PID_([0-9a-f]{4})(?:&REV_([0-9a-f]{4}))?$/i.exec(name)
  const [, vendor, product, revision] = short ?? long ?? []
  if (vendor === undefined || product === undefined) return null
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    revision: revision === undefined ? null : Number.parseInt(revision, 16),
  }
}

export function quirksOf(device: NamedDevice, book: QuirkBook): QuirkReport {
  const { revision } = device
  const revisions = revision === null ? revisionsIn(book, device) : []
  const first = revision ?? freeRevision(revisions)
  const instances = instancesOf({ ...device, deviceRelease: first })
  return {
    usbId: usbIdText(device),
    instances: revision === null ? instances.slice(1) : instances,
    sharedLoader: sharedLoaderOf(device),
    inForce: [
      setOf({ ...device, deviceRelease: first }, book, revision),
      ...revisions.map((each) => setOf({ ...device, deviceRelease: each }, book, each)),
    ],
  }
}

function setOf(device: DeviceIds, book: QuirkBook, revision: number | null): QuirkSet {
  const { quirks, unused, rows } = habitsOf(book, device)
  return {
    revision: revision === null ? null : `0x${revision.toString(16).padStart(4, '0')}`,
    quirks,
    unused,
    rows: rows.map(({ section, origin, line }) => ({ section, origin, line })),
  }
}

/** Those that rows name, by name or by GUID. */
function revisionsIn({ rows }: QuirkBook, { vendorId, productId }: NamedDevice): readonly number[] {
  const sections = new Set(rows.map(({ section }) => section))
  const all = Array.from({ length: 0x10000 }, (_, revision) => revision)
  return all.filter((deviceRelease) => {
    const [first] = instancesOf({ vendorId, productId, deviceRelease })
    return first !== undefined && (sections.has(first.instanceId) || sections.has(first.guid))
  })
}

function freeRevision(taken: readonly number[]): number {
  const all = new Set(taken)
  return Array.from({ length: taken.length + 1 }, (_, revision) => revision).find((each) => !all.has(each)) ?? 0
}
