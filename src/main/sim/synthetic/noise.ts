// Deterministic noise: the payload of synthetic modules. The same seed gives the same bytes on every machine, so a
// test or a bug report can name a module by its spec alone.

/** Pseudo-random bytes of a seed text (FNV-1a into xorshift32). */
export function noise(seed: string, sizeBytes: number): Uint8Array {
  let state = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193)
  if (state === 0) state = 1
  const words = new Uint32Array(Math.ceil(sizeBytes / 4))
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, sizeBytes)
}
