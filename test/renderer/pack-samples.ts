// Sample recipe packs, keys and a watched folder for the tests of the screens.
import type { PackFacts, PackKey, PacksView, PackView } from '../../src/shared/model/pack-view.ts'
import { hashOf, recipeView } from './samples.ts'

const day = Date.UTC(2026, 10, 3, 6, 0, 0)

export const releaseKey: PackKey = {
  publicKey: '7a'.repeat(32),
  fingerprint: '7K3M-Q0ZD-4T8C-VW2H',
  name: 'Release desk',
}
export const unknownKey: PackKey = { publicKey: '5b'.repeat(32), fingerprint: 'M1X0-9QRS-TVWX-2345', name: null }

export function packFacts(changes: Partial<PackFacts> = {}): PackFacts {
  return {
    packId: hashOf(51),
    name: 'Blinky line',
    version: 4,
    author: 'Ada, firmware',
    createdAt: day,
    recipeId: hashOf(7),
    recipe: recipeView().recipe,
    files: [
      { path: 'sets/boron-4.0.2/system-part1.bin', sha256: hashOf(61), sizeBytes: 647_612 },
      { path: 'sets/boron-4.0.2/tinker.bin', sha256: hashOf(62), sizeBytes: 12_532 },
    ],
    signer: releaseKey,
    standing: 'trusted',
    fault: null,
    ...changes,
  }
}

export function packView(changes: Partial<PackView> = {}): PackView {
  return { ...packFacts(), takenAt: day, takenFrom: '/mnt/line/blinky.dfupack', isChosen: false, ...changes }
}

export const untrustedPack = packFacts({
  packId: hashOf(52),
  name: 'Tracker field trial',
  version: 1,
  signer: unknownKey,
  standing: 'untrusted',
  fault: { code: 'PACK_UNTRUSTED', detail: 'it is signed by M1X0-9QRS-TVWX-2345, which is not trusted here' },
})

export function packsView(changes: Partial<PacksView> = {}): PacksView {
  return {
    packs: [
      packView({ isChosen: true }),
      packView({ ...untrustedPack }),
      packView({
        packId: hashOf(53),
        name: 'Bench trial',
        version: 2,
        author: '',
        signer: null,
        standing: 'unsigned',
        fault: { code: 'PACK_UNSIGNED', detail: 'the container has no signature' },
      }),
    ],
    keys: {
      own: { publicKey: '3c'.repeat(32), fingerprint: 'ABCD-EFGH-JKMN-PQRS', name: null },
      trusted: [{ ...releaseKey, name: 'Release desk', trustedAt: day }],
    },
    watch: {
      path: '/mnt/line/packs',
      problem: null,
      lookedAt: day,
      packs: [
        { file: 'blinky.dfupack', state: 'taken', at: day, detail: 'Blinky line version 4', fault: null },
        { file: 'blinky-old.dfupack', state: 'older', at: day, detail: 'Blinky line version 3', fault: null },
        { file: 'copying.dfupack', state: 'copying', at: day, detail: 'it is not whole yet', fault: null },
        {
          file: 'tampered.dfupack',
          state: 'refused',
          at: day,
          detail: 'sets/boron-4.0.2/system-part1.bin is not what was signed',
          fault: { code: 'PACK_ALTERED', detail: 'the SHA-256 of sets/boron-4.0.2/system-part1.bin differs' },
        },
      ],
    },
    onlySignedPacks: false,
    focus: null,
    ...changes,
  }
}
