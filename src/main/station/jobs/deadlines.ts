// How long a job waits for a board, in one place. Longer than any healthy board needs, short enough for a line.

/** From the request to the bootloader on the bus: 1 s that Device OS waits, then reset and enumeration. */
export const enterDfuMs = 15_000
/** From leave or reset to Device OS on the bus and answering, safe mode included. */
export const bootMs = 30_000
/** A module sent by control request is applied by one or two resets more. */
export const applyMs = 45_000
/** A network processor takes its firmware over a serial line: half a minute is usual. */
export const applyNcpMs = 180_000
/** After an update a board may reset itself once more within this time. */
export const ownResetsMs = 10_000
/**
 * A board that stays for so long after it answered has no such reset ahead: what waits is applied as Device OS starts,
 * before it serves requests.
 */
export const staysMs = 500
/** How long such a reset may keep it away. */
export const selfResetBackMs = 10_000
/** The serial string of a board that just enumerated. */
export const readIdMs = 5_000
/** Between two looks at a board that is still applying something. */
export const lookAgainMs = 300
/** From asking for a record to its commit; a healthy disk takes milliseconds. */
export const ledgerMs = 30_000
