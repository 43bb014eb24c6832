// Recipe packs, the keys that sign them and the shared folder they come from, as the doors show them.
import type { FaultReport } from '../fault/fault.ts'
import type { Sha256 } from './ids.ts'
import type { Recipe } from './recipe.ts'

/**
 * trusted: signed by a key that this station trusts. untrusted: signed by another key. unsigned: by nobody. altered: it
 * is not what was signed. All but the first are for simulated boards alone.
 */
export type PackStanding = 'trusted' | 'untrusted' | 'unsigned' | 'altered'

/** A public key that signs packs. */
export interface PackKey {
  /** Ed25519, 32 bytes as 64 lower-case hex digits. */
  readonly publicKey: string
  /** "7K3M-Q0ZD-4T8C-VW2H": short enough to be compared by eye or by telephone. */
  readonly fingerprint: string
  /** What this station calls it; null where it does not trust it. */
  readonly name: string | null
}

export interface PackFileView {
  /** In the pack: "sets/boron-4.0.2/system-part1.bin". */
  readonly path: string
  readonly sha256: Sha256
  readonly sizeBytes: number
}

/** What a pack says, and who says it. */
export interface PackFacts {
  /** SHA-256 of what is signed. */
  readonly packId: Sha256
  readonly name: string
  /** Rises with every issue of the same name. */
  readonly version: number
  readonly author: string
  /** Milliseconds UTC. */
  readonly createdAt: number
  readonly recipeId: Sha256
  readonly recipe: Recipe
  readonly files: readonly PackFileView[]
  readonly signer: PackKey | null
  readonly standing: PackStanding
  /** Why it cannot be used with real boards; null where it can. */
  readonly fault: FaultReport | null
}

/** A pack that the station has taken. */
export interface PackView extends PackFacts {
  readonly takenAt: number
  /** "import", or the file it was taken from. */
  readonly takenFrom: string
  /** Its recipe is the one that boards get now. */
  readonly isChosen: boolean
}

export interface TrustedKey extends PackKey {
  readonly name: string
  readonly trustedAt: number
}

export interface KeysView {
  /** What this station signs with; null until it exports its first pack. Trusted only where it is in the list too. */
  readonly own: PackKey | null
  readonly trusted: readonly TrustedKey[]
}

/**
 * taken: it is in the station now. known: it has been before. older: a newer or another pack of this name and version
 * is here. refused: with the fault; the same file is not tried again. copying: it is not whole yet.
 */
export type WatchedState = 'taken' | 'known' | 'older' | 'refused' | 'copying'

/** One file of the watched folder. */
export interface WatchedPack {
  /** File name, without the folder. */
  readonly file: string
  readonly state: WatchedState
  /** When this was found out. */
  readonly at: number
  /** "Blinky line version 4", or why not. */
  readonly detail: string
  readonly fault: FaultReport | null
}

export interface WatchView {
  /** null: no folder is watched. */
  readonly path: string | null
  /** Why the folder cannot be looked at now; null where it can. */
  readonly problem: string | null
  /** null: not looked at yet. */
  readonly lookedAt: number | null
  readonly packs: readonly WatchedPack[]
}

/** Everything about packs: the frame of the feed of that name, and the answer of every call that changes it. */
export interface PacksView {
  readonly packs: readonly PackView[]
  readonly keys: KeysView
  readonly watch: WatchView
  /** Only recipes of trusted packs may run on real boards, and none may be changed here. */
  readonly onlySignedPacks: boolean
  /** The pack that this station is opened on, with everything else hidden; its name. */
  readonly focus: string | null
}

/** Where a recipe comes from, as every list of recipes says it. */
export interface RecipeOrigin {
  /** null: it was made on this station. */
  readonly pack: Pick<PackFacts, 'packId' | 'name' | 'version' | 'standing'> | null
  /** "Release desk (7K3M-Q0ZD-4T8C-VW2H)"; null for a recipe of this station, and where nobody signed. */
  readonly signedBy: string | null
  /** What must be shown beside it wherever it is shown; null where there is nothing to warn of. */
  readonly warning: string | null
}
