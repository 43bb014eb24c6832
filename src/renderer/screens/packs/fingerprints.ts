// Comparing fingerprints as people write them: lower case, spaces and missing dashes do not matter; O and I stand for
// the digits they sound like, because fingerprints have no such letters.

export function sameFingerprint(heard: string, fingerprint: string): boolean {
  return plain(heard) === plain(fingerprint)
}

function plain(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
}
