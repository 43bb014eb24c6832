// Ed25519 (RFC 8032) over the exact bytes of pack.json, and the short form of a key that two people can compare. Keys
// come in from outside and stay there; this file keeps none.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { z } from 'zod'
import { publicKeySchema } from '../../../shared/model/pack-name.ts'

export interface PackSignature {
  readonly publicKey: string
  /** 64 bytes as 128 lower-case hex digits. */
  readonly signature: string
}

const signatureSchema = z.strictObject({
  format: z.literal('dfu-station-pack-signature'),
  formatVersion: z.literal(1),
  algorithm: z.literal('ed25519'),
  publicKey: publicKeySchema,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})

/** SubjectPublicKeyInfo of an Ed25519 key up to the 32 bytes of the key (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')
/** Digits and letters that nobody mistakes for others. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const fingerprintBytes = 10

/** A new private key as PKCS #8 in PEM. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Null where the text holds no Ed25519 private key. */
export function readPrivateKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    // Whatever it is, it is no key.
    return null
  }
}

export function publicKeyOf(privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return spki.subarray(spkiHead.length).toString('hex')
}

/** The first 80 bits of the SHA-256 of the key, as "7K3M-Q0ZD-4T8C-VW2H". */
export function fingerprintOf(publicKey: string): string {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest()
  const bits = [...hash.subarray(0, fingerprintBytes)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = Array.from({ length: 16 }, (_, at) => letters[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)])
  return [0, 4, 8, 12].map((at) => text.slice(at, at + 4).join('')).join('-')
}

/** The signature file over these bytes. The same key and bytes give the same file. */
export function signBytes(bytes: Uint8Array, privateKey: KeyObject): Uint8Array {
  const signature = sign(null, bytes, privateKey).toString('hex')
  return signatureText({ publicKey: publicKeyOf(privateKey), signature })
}

function signatureText({ publicKey, signature }: PackSignature): Uint8Array {
  const said = { format: 'dfu-station-pack-signature', formatVersion: 1, algorithm: 'ed25519', publicKey, signature }
  return Buffer.from(`${JSON.stringify(said, null, 2)}\n`)
}

/** Null for a file that is no signature, or is one in another form than the one it has. */
export function readSignature(bytes: Uint8Array): PackSignature | null {
  try {
    const { publicKey, signature } = signatureSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return Buffer.compare(signatureText({ publicKey, signature }), bytes) === 0 ? { publicKey, signature } : null
  } catch {
    // Not JSON, or another shape: no signature either way.
    return null
  }
}

export function isSignedBy(bytes: Uint8Array, { publicKey, signature }: PackSignature): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([spkiHead, Buffer.from(publicKey, 'hex')]),
      format: 'der',
      type: 'spki',
    })
    return verify(null, bytes, key, Buffer.from(signature, 'hex'))
  } catch {
    // A key that is no point of the curve has signed nothing.
    return false
  }
}
