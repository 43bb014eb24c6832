// What a pack and a key may be called. Schemas, because both come in from files and from screens.
import { z } from 'zod'

/** Shown in lists and used as a file name: never a path, and no sign that a file system forbids. */
export const packNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  .regex(/^[^\u0000-\u001f\u007f<>:"/\\|?*]+$/, 'a name without < > : " / \\ | ? *')
  .regex(/[^.]$/, 'a name that does not end in a dot')

/** Rises with every issue of a pack. */
export const packVersionSchema = z.int().min(1).max(999_999)

export const keyNameSchema = z.string().trim().min(1).max(60)

/** Ed25519 public key as 64 lower-case hex digits. */
export const publicKeySchema = z.string().regex(/^[0-9a-f]{64}$/, 'an Ed25519 public key of 64 hex digits')
