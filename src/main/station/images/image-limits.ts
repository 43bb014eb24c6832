// Every limit of an image file in one place, each with its reason. They bound memory and time whatever a file claims;
// each is well above what the flash of a DFU device holds.

const MiB = 1024 * 1024

/** External flash of a large controller is 32 MiB; twice that is no firmware of a DFU device. */
export const maxImageBytes = 64 * MiB
/** A DfuSe file or a HEX has a handful of pieces; thousands of them are a mistake, and each is a step of its own. */
export const maxElements = 4096
/** A cabinet of fwupd holds a payload, its metainfo and a signature for each device: a dozen files. */
export const maxCabFiles = 256
/** Blocks are 32 KiB but for the last of a folder; four times as many as fill the most that a cabinet may hold. */
export const maxCabBlocks = 8192
/** Metainfo is a few KiB of text, with translations some tens; this is for all of a cabinet. */
export const maxMetainfoBytes = 1 * MiB
/** Components and releases of one cabinet that bring a payload. */
export const maxCabFirmwares = 64
