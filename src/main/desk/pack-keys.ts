// The keys of a station: the one it signs with, in a file that nobody else may read, and those it trusts, in its
// settings. No key is trusted by itself, its own included.

import type { KeyObject } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { asFault, Fault } from '../../shared/fault/fault.ts'
import type { KeysView } from '../../shared/model/pack-view.ts'
import { keyOf } from '../station/packs/pack-standing.ts'
import { fingerprintOf, newPrivateKey, publicKeyOf, readPrivateKey } from '../station/packs/signing.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { SettingsFile } from './settings-file.ts'
import { writeAtomically } from './write-atomically.ts'

export interface PackKeys {
  /** Names by public key. */
  trusted(): ReadonlyMap<string, string>
  view(): KeysView
  /** What this station signs with, made at the first call. Throws CALL_REJECTED where it cannot be made or read. */
  signingKey(): KeyObject
  /** A key that is trusted already gets this name. */
  trust(name: string, publicKey: string): void
  /** Throws CALL_REJECTED where no trusted key has this fingerprint. */
  untrust(fingerprint: string): void
}

/** Read and written by its owner alone. */
const ownerOnly = 0o600

interface PackKeysOptions {
  readonly file: string
  readonly settings: SettingsFile
  readonly clock: Clock
  readonly log: Log
}

export function openPackKeys(options: PackKeysOptions): PackKeys {
  const { file, settings, clock } = options
  const listed = () => settings.current().trustedKeys
  const trusted = () => new Map(listed().map(({ publicKey, name }) => [publicKey, name]))
  return {
    trusted,
    view: () => ({
      own: ownKey(options, trusted()),
      trusted: listed().map((key) => ({ ...key, fingerprint: fingerprintOf(key.publicKey) })),
    }),
    signingKey: () => {
      const known = readKeyFile(file)
      if (known) return known
      writeAtomically(file, newPrivateKey(), ownerOnly)
      return readKeyFile(file) ?? refuse(file, 'it is gone as soon as it was written')
    },
    trust: (name, publicKey) => {
      const others = listed().filter((key) => key.publicKey !== publicKey)
      settings.change({ trustedKeys: [...others, { name, publicKey, trustedAt: clock.now() }] })
    },
    untrust: (fingerprint) => {
      const left = listed().filter((key) => fingerprintOf(key.publicKey) !== fingerprint)
      if (left.length === listed().length) {
        throw new Fault('CALL_REJECTED', `no trusted key has the fingerprint ${fingerprint}`)
      }
      settings.change({ trustedKeys: left })
    },
  }
}

/** A key that cannot be used is told to whoever signs; everything else about packs works without it. */
function ownKey({ file, log }: Pick<PackKeysOptions, 'file' | 'log'>, trusted: ReadonlyMap<string, string>) {
  try {
    const key = readKeyFile(file)
    return key ? keyOf(publicKeyOf(key), trusted) : null
  } catch (thrown) {
    log.debug(asFault(thrown).detail)
    return null
  }
}

/** Null where there is none yet. A key that others may read is closed to them first. */
function readKeyFile(file: string): KeyObject | null {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return null
  try {
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) chmodSync(file, ownerOnly)
    return readPrivateKey(readFileSync(file, 'utf8')) ?? refuse(file, 'it holds no Ed25519 key')
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    return refuse(file, thrown instanceof Error ? thrown.message : String(thrown), thrown)
  }
}

function refuse(file: string, why: string, cause?: unknown): never {
  throw new Fault('CALL_REJECTED', `${file}: the signing key cannot be used (${why})`, { cause })
}
