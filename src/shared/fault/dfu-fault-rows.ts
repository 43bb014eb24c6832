// The rows of the fault table that DFU mode has: what a loader refuses, reports, or does otherwise than the standard says.
import { type FaultRow, row } from './fault-row.ts'

export const dfuFaultRows = {
  DFU_STUCK_BUSY: row('fail', 'operator', {
    title: 'Board stays busy',
    remedy: 'Unplug and plug in again. Second time: red bin.',
    engineer: 'dfuDNBUSY or another transient state beyond the deadline of the operation.',
  }),
  DFU_REJECTED_FILE: row('error', 'never', {
    title: 'Board rejects this firmware',
    remedy: 'Stop this recipe and call the engineer: the firmware does not fit.',
    engineer: 'errTARGET, errFILE or errADDRESS.',
  }),
  DFU_WRITE_FAILED: row('fail', 'operator', {
    title: 'Writing to the board failed',
    remedy: 'Start again once. Second time: red bin.',
    engineer: 'errWRITE, errERASE, errPROG, errCHECK_ERASED, or a stall after a write.',
  }),
  DFU_VERIFY_FAILED: row('fail', 'operator', {
    title: 'Board does not hold what was written',
    remedy: 'Start again once. Second time: red bin.',
    engineer: 'Read-back differs from the file, or errVERIFY. The detail has the first address.',
  }),
  DFU_DEVICE_FAILED: row('fail', 'operator', {
    title: 'Board reports an internal error',
    remedy: 'Unplug and plug in again. Second time: red bin.',
    engineer: 'errNOTDONE, errFIRMWARE, errUSBR, errPOR, errUNKNOWN or errSTALLEDPKT.',
  }),
  DFU_PROTOCOL: row('fail', 'operator', {
    title: 'Board does not follow the DFU standard',
    remedy: 'Unplug and plug in again. Second time: put it aside and call the engineer.',
    engineer: 'A state, a length or a descriptor that DFU 1.1 / DfuSe does not allow here.',
  }),
  DFU_ADDRESS_FORBIDDEN: row('error', 'never', {
    title: 'The plan would touch protected memory',
    remedy: 'Stop this recipe and call the engineer.',
    engineer: 'A write outside the memory map, or into a range the host must protect (bootloader, MBR).',
  }),
  DFU_UPLOAD_UNSUPPORTED: row('error', 'never', {
    title: 'Memory of this board cannot be read back',
    remedy: 'Stop this recipe and call the engineer: this board cannot show what it holds.',
    engineer:
      'bitCanUpload is 0, the flag ignore-upload is set, or UPLOAD is refused. A recipe may say "verify": "reported".',
  }),
  DFU_DOWNLOAD_UNSUPPORTED: row('error', 'never', {
    title: 'This board takes no firmware over DFU',
    remedy: 'Take the board out: it cannot be flashed over USB.',
    engineer: 'bitCanDnload of the DFU functional descriptor is 0.',
  }),
  DFU_OTHER_PROTOCOL: row('fail', 'never', {
    title: 'Board speaks another protocol than DFU',
    remedy: 'Put the board aside: a station cannot flash boards of this kind.',
    engineer: 'Atmel FLIP (legacy-protocol, use-any-interface or version 0xFF01): the class of DFU, other requests.',
  }),
  DFU_POLL_ABSURD: row('fail', 'never', {
    title: 'Board wants to be left alone for too long',
    remedy: 'Put the board aside and call the engineer: the quirk file must say how to wait for it.',
    engineer:
      'bwPollTimeout is beyond the deadline of the operation. If it is nonsense, the device needs the flag ignore-polltimeout.',
  }),
  DFU_INCOMPLETE: row('fail', 'operator', {
    title: 'Board misses a part of the firmware',
    remedy: 'Start again once. If it repeats, call the engineer: the firmware may be cut off.',
    engineer: 'errNOTDONE: the download was ended before the device thought that it had everything.',
  }),
  DFU_PROGRAM_BROKEN: row('fail', 'operator', {
    title: 'Board finds its firmware not whole',
    remedy: 'Start again once: it can still be flashed. Second time: call the engineer.',
    engineer: 'errFIRMWARE: the device cannot return to its program.',
  }),
  DFU_INTERRUPTED: row('fail', 'operator', {
    title: 'Board was reset or lost power in the middle',
    remedy: 'Check the cable and the power of the board, then start again.',
    engineer: 'errUSBR or errPOR: a bus reset or a power-on that the device did not expect.',
  }),
  DFU_NO_MEMORY_MAP: row('error', 'never', {
    title: 'Board does not say how its memory is divided',
    remedy: 'Stop this recipe and call the engineer: what must be erased is not known.',
    engineer:
      'A DfuSe alternate setting without a readable memory map. A recipe that erases the whole memory first can do without.',
  }),
  READ_PROTECTED: row('fail', 'never', {
    title: 'Memory of the board is protected',
    remedy: 'Put the board aside and call the engineer: only a recipe that says so may remove the protection.',
    engineer:
      'errVENDOR under DfuSe: read protection. "readProtection": "remove" in the recipe lifts it and erases everything.',
  }),
  DEVICE_PROTECTED: row('fail', 'never', {
    title: 'Board is locked (security mode)',
    remedy: 'Put the board aside: it is locked and cannot be served offline.',
    engineer: 'Security mode: errVENDOR, sm=p, or every segment letter b. Unprotecting needs the cloud.',
  }),
} as const satisfies Record<string, FaultRow>
