// The table of faults: each code with what it means, what the operator does now, and where an engineer looks. The rows
// of DFU mode are in a file of their own.
import { dfuFaultRows } from './dfu-fault-rows.ts'
import { type FaultRow, row } from './fault-row.ts'

export const faultCodes = {
  USB_ACCESS_DENIED: row('error', 'never', {
    title: 'The station may not open this board',
    remedy: 'Call the technician: this station may not open the device (driver or udev rule).',
    engineer: 'LIBUSB_ERROR_ACCESS or NOT_SUPPORTED. Run "doctor": udev rule on Linux, WinUSB on Windows.',
  }),
  USB_BUSY: row('error', 'operator', {
    title: 'Another program uses this board',
    remedy: 'Close other programs that use the board, then start again.',
    engineer: 'LIBUSB_ERROR_BUSY: the interface is claimed elsewhere.',
  }),
  USB_IN_USE: row('error', 'operator', {
    title: 'Another station on this computer uses the boards',
    remedy: 'Close the other station on this computer, then start again.',
    engineer: 'A second station on real USB, on any data folder. The lock is held until that process ends.',
  }),
  USB_GONE: row('error', 'operator', {
    title: 'Board unplugged or lost power',
    remedy: 'Check the cable, plug the board in again, start again.',
    engineer: 'NO_DEVICE in mid-transfer, or a detach while a job ran.',
  }),
  USB_TIMEOUT: row('error', 'operator', {
    title: 'Board does not answer',
    remedy: 'Unplug the board, plug it in again. Second time: red bin.',
    engineer: 'A transfer passed its deadline and was cancelled.',
  }),
  USB_STALL: row('fail', 'operator', {
    title: 'Board refused a USB request',
    remedy: 'Unplug the board and plug it in again. Second time: red bin.',
    engineer: 'Endpoint 0 stalled where the protocol allows no stall.',
  }),
  USB_FAILED: row('error', 'operator', {
    title: 'USB error',
    remedy: 'Unplug the board and plug it in again. If it repeats, change the cable.',
    engineer: 'A libusb error without a row of its own; the detail names it.',
  }),
  PORT_UNASSIGNED: row('error', 'operator', {
    title: 'This USB port belongs to no slot',
    remedy: 'Assign this USB port to a slot in Settings.',
    engineer: 'A board arrived on a port that is on no slot, and all slots are taken.',
  }),
  DEVICE_UNKNOWN: row('fail', 'never', {
    title: 'Not a board of this recipe',
    remedy: 'Take the board out: this recipe is for another product.',
    engineer: 'The platform is not in the recipe, or not served by this version.',
  }),
  IDENTITY_UNREADABLE: row('fail', 'operator', {
    title: 'Board does not say who it is',
    remedy: 'Press RESET on the board once and start again. Second time: red bin.',
    engineer: 'No valid device ID from the serial string or request 20.',
  }),
  MODE_SWITCH_TIMEOUT: row('fail', 'operator', {
    title: 'Board did not come back',
    remedy: 'Unplug the board, wait three seconds, plug it in again.',
    engineer: 'After a reset or mode switch no device enumerated on this port within the deadline.',
  }),
  DFU_BY_BUTTON: row('fail', 'operator', {
    title: 'Board needs a hand to enter DFU mode',
    remedy: 'Press RESET while holding MODE, keep holding MODE until the LED blinks yellow, then start again.',
    engineer:
      'Device OS before 0.8.0 (Gen 2) or 0.9.0 (nRF) refuses every control request: the board is old, not broken.',
  }),
  BOARD_WITHOUT_ID: row('fail', 'never', {
    title: 'Board is too old to say who it is',
    remedy: 'Put the board aside: an engineer must bring it to a newer Device OS before a station can serve it.',
    engineer:
      'Device OS or bootloader before 0.6.0: a constant serial string in place of the device ID. Update it over serial first.',
  }),
  DEVICE_OS_NOT_RUNNING: row('fail', 'operator', {
    title: 'Device OS does not run on this board',
    remedy: 'Press RESET once. If the LED still blinks yellow, nothing on the board can start: flash it.',
    engineer:
      'The board is in DFU mode where Device OS was to be asked: held there by a button, or nothing there is valid.',
  }),
  PROGRAM_NOT_RUNNING: row('fail', 'operator', {
    title: 'Device does not start its program',
    remedy: 'Unplug the device, release its boot button or jumper, plug it in again. Second time: red bin.',
    engineer:
      'Told to leave DFU mode, it is still there: the loader finds no program it may start, or a boot pin holds it. Where that is meant, set afterwards to "stay".',
  }),
  DEVICE_OS_SILENT: row('fail', 'operator', {
    title: 'Device OS runs and does not answer',
    remedy:
      'Press RESET once and start again. Second time: press RESET while holding MODE, let go of MODE when the LED blinks yellow.',
    engineer:
      'USB works, every control request times out: the application or a modem keeps Device OS busy, or it hangs. DFU mode is the way round it.',
  }),
  BOARD_SILENT: row('fail', 'operator', {
    title: 'Board answers nothing',
    remedy:
      'Unplug the board, plug it in again. Second time: press RESET while holding MODE, let go of MODE when the LED blinks yellow.',
    engineer: 'It is on the bus, and not even its strings can be read: crashed firmware, a bad cable or a dying board.',
  }),
  BOARD_DIFFERS: row('fail', 'never', {
    title: 'Board does not carry what the recipe says',
    remedy: 'Put the board aside: it differs from the recipe. Nothing was written to it.',
    engineer: 'A verification found differences. The detail and the module entries of the record name each of them.',
  }),
  BOARD_SWAPPED: row('error', 'operator', {
    title: 'Another board came back in this slot',
    remedy: 'Two boards were exchanged while working. Put both aside and start each again alone.',
    engineer: 'The device ID on the port changed during a job.',
  }),
  CONTROL_REQUEST_FAILED: row('fail', 'operator', {
    title: 'Device OS refused a request',
    remedy: 'Press RESET on the board once and start again. Second time: red bin.',
    engineer: 'A vendor request ended with a negative result code; the detail names it.',
  }),
  UPDATE_REFUSED: row('fail', 'operator', {
    title: 'Board refused the firmware update',
    remedy: 'Start again once. If it repeats, put the board aside and call the engineer.',
    engineer: 'StartFirmwareUpdate, data or finish answered with a negative code (-13xx).',
  }),
  ...dfuFaultRows,
  VERSION_MISMATCH: row('fail', 'operator', {
    title: 'Board does not report the target versions',
    remedy: 'Start again once; if it repeats, call the engineer.',
    engineer: 'After the flash Device OS reports another version, hash or a failed check.',
  }),
  RECIPE_INVALID: row('error', 'never', {
    title: 'The recipe cannot be used',
    remedy: 'Choose another recipe, or call the engineer.',
    engineer: 'The recipe file is malformed or does not fit what the library holds.',
  }),
  RECIPE_LIMIT_REACHED: row('error', 'never', {
    title: 'All boards of this recipe are done',
    remedy: 'Stop here: the recipe is for no more boards. Choose another recipe, or call the engineer.',
    engineer: 'limits.boards of the recipe: so many boards passed or are being worked on, counted from the ledger.',
  }),
  RECIPE_EXPIRED: row('error', 'never', {
    title: 'The time of this recipe is over',
    remedy: 'Choose another recipe, or call the engineer.',
    engineer: 'limits.notAfter of the recipe is past by the clock of this computer; check that clock, too.',
  }),
  QUIRKS_INVALID: row('error', 'never', {
    title: 'The quirk file of this station cannot be read',
    remedy: 'Call the technician: the file with exceptions for devices has a mistake and is not in force.',
    engineer:
      'A line of devices.quirk is malformed; the detail names it. Until it is mended only built-in quirks hold.',
  }),
  FIRMWARE_MISSING: row('error', 'never', {
    title: 'Firmware is not in the library',
    remedy: 'Import the firmware first, or call the engineer.',
    engineer: 'No complete set for this platform and Device OS version.',
  }),
  FIRMWARE_CORRUPT: row('error', 'never', {
    title: 'A firmware file is damaged',
    remedy: 'Import the firmware again; the file is damaged.',
    engineer: 'A library file no longer has its SHA-256.',
  }),
  PACK_UNREADABLE: row('error', 'never', {
    title: 'This is not a whole recipe pack',
    remedy: 'Get the pack again from the engineer; it was not taken.',
    engineer:
      'The container or pack.json cannot be read, or a newer version of the station made it. The detail says which.',
  }),
  PACK_UNSIGNED: row('error', 'never', {
    title: 'This recipe pack is not signed',
    remedy: 'Get a signed pack from the engineer; without a signature it runs on simulated boards only.',
    engineer: 'The pack has no signature. Export it again from a station: every export is signed.',
  }),
  PACK_ALTERED: row('error', 'never', {
    title: 'This recipe pack was changed after it was signed',
    remedy: 'Stop using this pack, get it again from the engineer and say that it was changed.',
    engineer: 'A hash, the signature or the form of the container does not match. The detail names what differs.',
  }),
  PACK_UNTRUSTED: row('error', 'never', {
    title: 'This station does not trust who signed this pack',
    remedy: 'Call the engineer: the fingerprint of the key must be compared, then the key can be trusted.',
    engineer:
      'The signature is good and its key is not in the list of trusted keys. Compare the fingerprint by telephone.',
  }),
  RECIPE_LOCKED: row('error', 'never', {
    title: 'Only signed recipe packs may run here',
    remedy: 'Choose a recipe of a trusted pack, or call the engineer.',
    engineer: 'The station is set to signed packs only; recipes of its own neither run nor can be changed.',
  }),
  FIRMWARE_REFUSED: row('error', 'never', {
    title: 'A firmware file was refused',
    remedy: 'Get the file again from the engineer; it was not imported.',
    engineer: 'The detail names the file and the reason.',
  }),
  PLAN_REFUSED: row('error', 'never', {
    title: 'This board cannot take this firmware',
    remedy: 'Put the board aside and call the engineer.',
    engineer: 'Wrong platform, unmet dependency, or an address outside the module map.',
  }),
  LEDGER_UNWRITABLE: row('error', 'never', {
    title: 'Records cannot be written',
    remedy: 'All flashing stopped. Free disk space or call the technician.',
    engineer: 'SQLite refused a write; no byte goes to a board without a record.',
  }),
  LEDGER_IN_USE: row('error', 'never', {
    title: 'Another station works on these records',
    remedy: 'Close the other station window on this computer, then start again.',
    engineer: 'A second station on the same data folder; one writes, any number may read (the ledger commands).',
  }),
  LEDGER_TOO_NEW: row('error', 'never', {
    title: 'Records come from a newer version',
    remedy: 'Update this station: the records come from a newer version.',
    engineer: 'user_version of the database is above what this software knows.',
  }),
  LEDGER_DAMAGED: row('error', 'never', {
    title: 'Records are damaged',
    remedy: 'Call the technician: the record file is damaged. Do not delete it.',
    engineer: 'quick_check or the hash chain failed; the detail names the row.',
  }),
  HOST_CRASHED: row('error', 'operator', {
    title: 'The USB part of the station restarted',
    remedy: 'Unplug the boards shown, plug them in again and start them again.',
    engineer: 'The child process that owns libusb ended; the record was closed as interrupted.',
  }),
  STATION_CRASHED: row('error', 'operator', {
    title: 'The station was cut off',
    remedy: 'Unplug the board, plug it in again and start it again.',
    engineer: 'The record was open when the station ended; closed as interrupted at the next start.',
  }),
  JOB_ABORTED: row('error', 'operator', {
    title: 'Stopped by a person',
    remedy: 'Unplug the board, plug it in again and start again.',
    engineer: 'A stop was asked for while the job ran.',
  }),
  CALL_REJECTED: row('error', 'never', {
    title: 'The station did not accept this request',
    remedy: 'Note what is shown and call the engineer.',
    engineer: 'Input of a contract call failed its schema, or the sender is not trusted.',
  }),
  INTERNAL: row('error', 'never', {
    title: 'Error in the station software',
    remedy: 'Note the number shown and call the engineer.',
    engineer: 'A bug. The detail and the log have the original error.',
  }),
} as const satisfies Record<string, FaultRow>

export type FaultCode = keyof typeof faultCodes
export const faultCodeNames = Object.keys(faultCodes) as readonly FaultCode[]
