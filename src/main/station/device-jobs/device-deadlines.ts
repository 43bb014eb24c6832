// How long a job waits for a DFU device, in one place. Quirks may lengthen it (RemoveDelay).

/** From DFU_DETACH to its loader on the bus. */
export const enterLoaderMs = 15_000
/** From leaving its loader to its program on the bus, where the program is to be seen. */
export const startMs = 30_000
/**
 * Likewise where nothing more is to be proven, and its program need not have USB at all: as long as a start may take that
 * somebody would want to see in the record.
 */
export const silentStartMs = 5_000
/** A device that shows itself in another mode than it was told may be on its way to the right one. */
export const settleMs = 4_000
/** From the command that removes the read protection: a mass erase, and then its reset. */
export const unprotectMs = 60_000
/** Within this time a device resets itself to go by new option bytes, if it does. */
export const ownResetMs = 1_000
