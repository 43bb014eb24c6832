// What --help prints.
import { boardKinds } from '../sim/bench-spec.ts'

const kindRow = 9
const [firstKinds, otherKinds] = [boardKinds.slice(0, kindRow), boardKinds.slice(kindRow)].map((row) => row.join(' '))

export const usage = `DFU Station: flashes a bench of boards over USB DFU, proves it, records it.

  dfu-station COMMAND [options]

  devices                          boards that are plugged in; other DFU devices from their descriptors
        [--recipe FILE]            ask those that it names, or
        [--ask PORT]               the one on this port; no other is opened
  identify                         who they are and what they carry, all at once; nothing is written
        [--record] [--count N]     and into the ledger; --recipe FILE for the DFU devices that it names
  firmware import PATH...          .bin, .zip, .hex or folders into the library; a bad set is refused whole
  firmware list                    every module of the library
  firmware versions                Device OS releases of the library, by platform and line
  firmware fetch URL [--sha256 H]  user firmware or its bundle from an address into the library
  firmware hex --platform P --target VERSION [--user FILE] --out FILE
                                   the whole flash as Intel HEX for an SWD or JTAG programmer
  images import FILE...            firmware for DFU devices into the library: raw, .dfu, .hex, .cab
  images list
  images inspect FILE              what a file is for, and what is in it; nothing is kept
  images suffix FILE --vid V --pid P [--rev R] --out FILE
                                   a raw file with a DFU suffix that says what it is for
  flash --recipe FILE              flash every board that is there, in parallel
  flash --target VERSION           the same with a Device OS version of the library
        [--user FILE]              and this user firmware in place of the set's own; with --target auto the
                                   Device OS that it was built for, or the next higher one
        [--count N]                end after N boards
        [--force]                  write also what a board holds already
        [--take-loaders]           a loader that many products share is the device of the recipe;
                                   otherwise nobody knows which it is, and it is left alone
  flash --pack FILE                the same with the recipe and the firmware of a pack, and nothing else at hand
  verify --recipe FILE             compare every board with it, module by module; nothing is written
        or --target VERSION, --pack FILE, --user FILE, --count N, --take-loaders as above
  upload --port PORT --out FILE    save the memory of the one board on this port, in DFU mode or brought there
        [--memory N|NAME]          which of its memories; the first by default
        [--address A] [--size S]   decimal or 0x; by default all of it, as far as the device tells
        [--force]                  replace FILE; it gets a DFU suffix when its name ends in .dfu
  ledger list [--search TEXT]      records, newest first
  ledger show ID                   one record, whole
  ledger export [--format csv|jsonl] [--search TEXT]
  ledger verify                    is any record changed or missing?
  pack export --recipe FILE --out FILE
                                   a recipe (or --target VERSION) and all it needs in one signed file
        [--name NAME] [--pack-version N] [--author NAME]
  pack import FILE                 its firmware and its recipe into this station; --sim takes unsigned ones
  pack show FILE                   what it holds and who signed it
  pack list                        packs that this station has taken
  pack keys                        the key of this station and those that it trusts
  pack trust FILE|KEY --name NAME  packs of this key may be used with real boards
  pack untrust NAME|FINGERPRINT
  serve [--port N]                 the station's screens in a browser of this computer
        [--pack FILE]              opened on this pack, the rest hidden
  demo [--headless] [--boards N]   simulated boards, synthetic firmware, a recipe
  sim --boards SPEC --usbip        simulated boards for every USB program, over USB/IP
        [--port N] [--speed N]     default 3240 and real flash time
        [--host ADDRESS]           other computers too: USB/IP asks nobody for a password
  quirks [DEVICE]                  how DFU devices depart from the standard; of one, as 1d50:5119, with its GUIDs
  doctor                           what this machine lacks for real USB
  version

  --data DIR        all of the station's state (default: per user)
  --sim SPEC        boron:4,photon:2,p2:2 or a bench file (.json), in place of real USB; kinds are
                    ${firstKinds}
                    ${otherKinds}
  --sim-speed N     1 is real flash time, 10 ten times as fast, 0 no delays
  --sim-dump DIR    write the flash of every simulated board here at the end
  --json            one JSON object a line on stdout, logs on stderr

Exit: 0 all passed, 1 a board did not pass, 2 bad usage or input, 3 the station failed.
`
