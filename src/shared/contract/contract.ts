// Every call and every feed between the station and its doors: the shell, the web door and the command line.
import { z } from 'zod'
import { maxSlots } from '../model/bench-size.ts'
import type {
  FetchedFirmware,
  FirmwareSet,
  ImageImportReport,
  ImageShelf,
  ImportProgress,
  ImportReport,
  PlatformReleases,
  RecipeView,
} from '../model/firmware-view.ts'
import type { FirmwareModule } from '../model/module.ts'
import { keyNameSchema, packNameSchema, packVersionSchema, publicKeySchema } from '../model/pack-name.ts'
import type { KeysView, PackFacts, PacksView } from '../model/pack-view.ts'
import { type PlatformName, platformNames } from '../model/platform.ts'
import { recipeSchema } from '../model/recipe.ts'
import { type LedgerRecord, outcomes, type RecordSummary } from '../model/record.ts'
import type { Settings } from '../model/settings.ts'
import type { BenchFrame } from '../model/slot.ts'
import {
  type CallsOf,
  type FeedsOf,
  type FrameOf,
  feed,
  type HandlersOf,
  type InputOf,
  type OutputOf,
  takes,
} from './define-contract.ts'

const nothing = z.strictObject({})
const platform = z.enum(platformNames as [PlatformName, ...PlatformName[]])
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal')
const slotNumber = z.int().min(1).max(maxSlots)
const slotNumbers = z.strictObject({ slots: z.array(slotNumber).min(1).max(maxSlots) })

/** Filter of the ledger. Text matches device ID, ICCID, IMEI, serial, record ID and port path: whole, start or end. */
export const recordFilter = z.strictObject({
  text: z.string().max(200).default(''),
  outcome: z
    .enum([...outcomes, 'open'])
    .nullable()
    .default(null),
  job: z.enum(['flash', 'verify', 'identify']).nullable().default(null),
  platform: z
    .enum(platformNames as [string, ...string[]])
    .nullable()
    .default(null),
  /** Milliseconds UTC, inclusive. */
  from: z.int().nullable().default(null),
  to: z.int().nullable().default(null),
})
export type RecordFilter = z.infer<typeof recordFilter>

export interface RecordPage {
  readonly records: readonly RecordSummary[]
  /** Give it back to get the next, older page; null at the end. */
  readonly cursor: string | null
  readonly total: number
}

/** desktop: the file was saved. web: fetch it there. cancelled: the person closed the dialog. */
export type ExportResult =
  | { readonly kind: 'saved'; readonly path: string }
  | { readonly kind: 'download'; readonly url: string }
  | { readonly kind: 'cancelled' }

/** `notes`: what the file does not hold, one sentence each. */
export type HexResult = ExportResult & { readonly notes: readonly string[] }

export interface LedgerCheck {
  readonly ok: boolean
  readonly records: number
  readonly problems: readonly string[]
}

export interface DoctorFinding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do, null when nothing is amiss. */
  readonly remedy: string | null
}

const maxUploadFiles = 64
const maxUploadCharacters = 96 * 1024 * 1024

const uploads = z.strictObject({
  files: z
    .array(z.strictObject({ path: z.string().min(1).max(500), contentBase64: z.string().max(maxUploadCharacters) }))
    .min(1)
    .max(maxUploadFiles),
})

const packUpload = z.strictObject({
  fileName: z.string().min(1).max(500),
  contentBase64: z.string().max(maxUploadCharacters),
})

export const contract = {
  calls: {
    readSettings: takes(nothing).gives<Settings>(),
    setOperator: takes(z.strictObject({ name: z.string().trim().max(60).nullable() })).gives<Settings>(),
    setAutoStart: takes(z.strictObject({ on: z.boolean() })).gives<Settings>(),
    setSlotCount: takes(z.strictObject({ count: z.int().min(1).max(maxSlots) })).gives<Settings>(),
    /** The next board that is plugged in gives its port to this slot; null ends the waiting. */
    learnPort: takes(z.strictObject({ slot: slotNumber.nullable() })).gives<Settings>(),
    forgetPort: takes(z.strictObject({ slot: slotNumber })).gives<Settings>(),
    /** Puts simulated boards in place of real USB, or takes them away; running jobs are ended first. */
    setSimulation: takes(
      z.strictObject({
        on: z.boolean(),
        boards: z.string().min(1).max(200).optional(),
        speed: z.number().min(0).max(1000).optional(),
      }),
    ).gives<Settings>(),

    startSlots: takes(slotNumbers).gives<null>(),
    abortSlots: takes(slotNumbers).gives<null>(),

    listRecipes: takes(nothing).gives<readonly RecipeView[]>(),
    saveRecipe: takes(z.strictObject({ recipe: recipeSchema })).gives<RecipeView>(),
    chooseRecipe: takes(z.strictObject({ recipeId: z.string().nullable() })).gives<readonly RecipeView[]>(),
    removeRecipe: takes(z.strictObject({ recipeId: z.string() })).gives<readonly RecipeView[]>(),

    listFirmware: takes(nothing).gives<{
      readonly sets: readonly FirmwareSet[]
      readonly modules: readonly FirmwareModule[]
    }>(),
    /** Files chosen on a screen: one .zip or .bin, or the files of one folder with their relative paths. */
    importFiles: takes(uploads).gives<ImportReport>(),
    /** Files for DFU devices that are no Particle boards. */
    listImages: takes(nothing).gives<ImageShelf>(),
    /**
     * Taken as images because the person says so: raw, .dfu, DfuSe .dfu, Intel HEX or .cab, each file by itself. A file
     * that is a Particle module, or that importFiles takes for anything else, is refused with the hint where it belongs.
     */
    importImages: takes(uploads).gives<ImageImportReport>(),
    /** Refused while any board is worked on. Recipes that name it say then what they lack. */
    removeImage: takes(z.strictObject({ sha256 })).gives<null>(),
    /** What there is to choose among: releases by platform and line. */
    listVersions: takes(nothing).gives<readonly PlatformReleases[]>(),
    /** User firmware from an address into the library, by an engineer; refused while any board is worked on. */
    fetchFirmware: takes(
      z.strictObject({ url: z.string().trim().min(1).max(2000), sha256: sha256.nullable().default(null) }),
    ).gives<FetchedFirmware>(),
    /** A whole flash for an SWD or JTAG programmer; without `user` it is the user firmware of the set. */
    exportHex: takes(
      z.strictObject({ platform, deviceOs: z.string().max(40), user: sha256.nullable().default(null) }),
    ).gives<HexResult>(),
    removeFirmware: takes(z.strictObject({ setId: z.string() })).gives<null>(),

    searchRecords: takes(
      z.strictObject({
        filter: recordFilter,
        limit: z.int().min(1).max(200).default(50),
        cursor: z.string().max(200).nullable().default(null),
      }),
    ).gives<RecordPage>(),
    showRecord: takes(z.strictObject({ recordId: z.string() })).gives<LedgerRecord>(),
    exportRecords: takes(
      z.strictObject({ format: z.enum(['csv', 'jsonl']), filter: recordFilter }),
    ).gives<ExportResult>(),
    verifyLedger: takes(nothing).gives<LedgerCheck>(),

    listPacks: takes(nothing).gives<PacksView>(),
    /**
     * A pack of this recipe with all it needs, signed with the key of this station. Left out, the name is that of the
     * recipe and the version one above the highest known here.
     */
    exportPack: takes(
      z.strictObject({
        recipeId: z.string(),
        name: packNameSchema.optional(),
        version: packVersionSchema.optional(),
        author: z.string().trim().max(60).default(''),
        /** Straight into the watched folder, in place of the older one of this name. */
        intoWatchedFolder: z.boolean().default(false),
      }),
    ).gives<ExportResult>(),
    /** What a file holds, who signed it and whether it could be used; takes nothing. */
    examinePack: takes(packUpload).gives<PackFacts>(),
    importPack: takes(packUpload).gives<PacksView>(),
    /** Its recipe is what boards get from now on; with `focus` everything else is hidden. */
    choosePack: takes(z.strictObject({ packId: z.string(), focus: z.boolean().default(false) })).gives<PacksView>(),
    /** Its recipe goes with it, its firmware stays in the library. */
    removePack: takes(z.strictObject({ packId: z.string() })).gives<PacksView>(),
    readKeys: takes(nothing).gives<KeysView>(),
    trustKey: takes(z.strictObject({ name: keyNameSchema, publicKey: publicKeySchema })).gives<KeysView>(),
    untrustKey: takes(z.strictObject({ fingerprint: z.string() })).gives<KeysView>(),
    /** A folder of this computer or a mounted share; null stops watching. */
    watchFolder: takes(z.strictObject({ path: z.string().trim().min(1).max(1000).nullable() })).gives<PacksView>(),
    /** Lifting the lock wants the ID of the station, typed: a slip must not do it. */
    lockToSignedPacks: takes(
      z.strictObject({ on: z.boolean(), typed: z.string().max(60).default('') }),
    ).gives<PacksView>(),
    /** Wants the name of the pack, typed. */
    leaveFocus: takes(z.strictObject({ typed: z.string().max(80) })).gives<PacksView>(),

    examineStation: takes(nothing).gives<readonly DoctorFinding[]>(),
  },
  feeds: {
    bench: feed<BenchFrame>(),
    imports: feed<ImportProgress>(),
    packs: feed<PacksView>(),
  },
} as const

export type Contract = typeof contract
export type CallName = CallsOf<Contract>
export type FeedName = FeedsOf<Contract>
export type CallInput<N extends CallName> = InputOf<Contract, N>
export type CallOutput<N extends CallName> = OutputOf<Contract, N>
export type FeedFrame<N extends FeedName> = FrameOf<Contract, N>
export type Handlers = HandlersOf<Contract>

/** What a screen holds: the station behind two verbs. */
export interface StationLink {
  /** Rejects with a Fault. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  watch<N extends FeedName>(name: N, listener: (frame: FeedFrame<N>) => void): () => void
}

export const callNames = Object.keys(contract.calls) as readonly CallName[]
export const feedNames = Object.keys(contract.feeds) as readonly FeedName[]
