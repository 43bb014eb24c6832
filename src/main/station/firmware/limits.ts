// Every limit of an import in one place, each with its reason. They bound memory and time whatever a file claims; each
// is well above what real firmware needs, so that a limit is met by hostile or broken files only.

const KiB = 1024
const MiB = 1024 * KiB

/** Largest module: an RTL system part of 1.5 MiB; two of them back to back in a combined file, and room. */
export const maxModuleFileBytes = 4 * MiB
/** A compressed asset may grow to what the roomiest platform stores (512 blocks of external flash, less their heads). */
export const maxInflatedAssetBytes = 1536 * KiB
/** A whole Device OS release with debug files; jszip needs the archive in memory, so this also bounds our own. */
export const maxArchiveBytes = 128 * MiB
/** A release names a few hundred files; the archive directory is read entry by entry before anything is unpacked. */
export const maxArchiveEntries = 2000
/** Unpacked bytes of one archive in all: every platform of a release is about 30 MiB. */
export const maxUnpackedBytes = 64 * MiB
/** Machine code packs to half or a third; a hundredfold is no firmware. Small entries may be all zeros. */
export const maxPackingRatio = 200
export const packingRatioAppliesFromBytes = 64 * KiB
/** The .json beside a restore zip is a few KiB; env.json is limited by Particle to 16 KiB. */
export const maxManifestBytes = 1 * MiB
/** A folder chosen by mistake (a home folder, a disk) must not run for ever. */
export const maxFolderEntries = 20_000
export const maxFolderDepth = 16
/** Unpacking 64 MiB takes about a second; a minute means that something is wrong. */
export const maxArchiveMs = 60_000
/** The longest HEX of a restore set has 3.9 MB; a full RTL image of 3.4 MiB takes 9.5 MB of text. */
export const maxHexFileBytes = 16 * MiB
/** Records that do not follow one another; a file in order has a dozen such places, one turned round has one a record. */
export const maxHexPieces = 250_000
/** A whole flash has seven or eight modules. */
export const maxHexModules = 64
/** Firmware from an address: as large as a file, in a minute, and not sent round in circles. */
export const maxFetchBytes = 16 * MiB
export const maxFetchMs = 60_000
export const maxRedirects = 5
