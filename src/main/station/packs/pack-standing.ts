// Whether a pack may be used: by whom it is signed, whether this station trusts that key, and the fault that keeps it
// from real boards. Pure.
import type { FaultReport } from '../../../shared/fault/fault.ts'
import type { PackKey, PackStanding } from '../../../shared/model/pack-view.ts'
import type { SignedManifest } from './read-pack.ts'
import { fingerprintOf } from './signing.ts'

export interface Standing {
  readonly standing: PackStanding
  readonly signer: PackKey | null
  /** Why it cannot be used with real boards; null where it can. */
  readonly fault: FaultReport | null
}

/** `trusted`: names by public key. */
export function standingOf(
  pack: Pick<SignedManifest, 'manifest' | 'publicKey' | 'changes'>,
  trusted: ReadonlyMap<string, string>,
): Standing {
  const { publicKey, changes } = pack
  const signer = publicKey === null ? null : keyOf(publicKey, trusted)
  const title = `${pack.manifest.name} version ${pack.manifest.version}`
  const refused = (standing: PackStanding, code: FaultReport['code'], why: string): Standing => ({
    standing,
    signer,
    fault: { code, detail: `${title}: ${why}` },
  })
  if (changes.length > 0) return refused('altered', 'PACK_ALTERED', changes.join('; '))
  if (!signer) return refused('unsigned', 'PACK_UNSIGNED', 'it has no signature')
  if (signer.name === null)
    return refused('untrusted', 'PACK_UNTRUSTED', `it is signed by ${signer.fingerprint}, which is not trusted here`)
  return { standing: 'trusted', signer, fault: null }
}

export function keyOf(publicKey: string, trusted: ReadonlyMap<string, string>): PackKey {
  return { publicKey, fingerprint: fingerprintOf(publicKey), name: trusted.get(publicKey) ?? null }
}
