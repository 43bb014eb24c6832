// The two ways of bringing files in: firmware of Particle boards, and images for any other DFU device. A person says which,
// because nothing in raw bytes does.
import type { CallInput } from '../../../shared/contract/contract.ts'
import type { FirmwareSet, ImageFile, ImportRefusal } from '../../../shared/model/firmware-view.ts'
import type { DoorLink } from '../../station/link.ts'
import { firmware } from '../../text/firmware.ts'
import { imageTexts } from '../../text/images.ts'

export interface TakenFiles<Taken> {
  readonly imported: readonly Taken[]
  readonly refused: readonly ImportRefusal[]
}

export interface UploadKind<Taken> {
  readonly title: string
  readonly help: string
  /** Endings that the file chooser offers. */
  readonly accept: string
  /** Of all files of a folder, those that are sent. */
  readonly wanted: RegExp
  /** Said when none of them is. */
  readonly nothing: string
  send(link: DoorLink, input: CallInput<'importFiles'>): Promise<TakenFiles<Taken>>
  /** What was taken, in one line. */
  taken(all: readonly Taken[]): string
}

export const firmwareUploads: UploadKind<FirmwareSet> = {
  title: firmware.importTitle,
  help: firmware.importHelp,
  accept: '.zip,.bin,.hex',
  wanted: /\.(zip|bin|hex)$/i,
  nothing: firmware.nothingToImport,
  send: (link, input) => link.call('importFiles', input),
  taken: (sets) => `${firmware.imported(sets.length)}: ${sets.map(setText).join(', ')}`,
}

/** ELF and others are sent, too: the station says how to convert them. */
export const imageUploads: UploadKind<ImageFile> = {
  title: imageTexts.importTitle,
  help: imageTexts.importHelp,
  accept: '.dfu,.hex,.ihx,.bin,.cab,.elf,.axf,.uf2,.srec,.s19',
  wanted: /\.(dfu|hex|ihx|bin|cab|elf|axf|uf2|srec|s19)$/i,
  nothing: imageTexts.nothingToImport,
  send: (link, input) => link.call('importImages', input),
  taken: (files) => `${imageTexts.imported(files.length)}: ${files.map(({ source }) => source).join(', ')}`,
}

function setText(set: FirmwareSet): string {
  return `${set.platform ?? firmware.anyPlatform} ${set.deviceOsVersion ?? firmware.noVersion}`
}
