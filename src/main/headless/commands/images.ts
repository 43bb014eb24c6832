// images list, import, inspect and suffix: firmware files for DFU devices that are no Particle boards. No device is touched.
import { basename } from 'node:path'
import { openDataFolder } from '../../desk/data-folder.ts'
import { openLibrary } from '../../station/firmware/library.ts'
import { refuser } from '../../station/firmware/refusal.ts'
import { readSuffix, withSuffix } from '../../station/images/dfu-suffix.ts'
import { isDfuse } from '../../station/images/dfuse-container.ts'
import { maxImageBytes } from '../../station/images/image-limits.ts'
import { parseImages } from '../../station/images/parse-image.ts'
import { systemClock } from '../../station/system-clock.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { forText, imageText } from '../image-text.ts'
import { readInput, refuseOverwrite, writeOut } from '../new-file.ts'
import type { Output } from '../output.ts'

export async function images(line: CommandLine, output: Output): Promise<ExitCode> {
  const [, verb, ...files] = line.words
  if (verb === 'import') return importImages(line, files, output)
  if (verb === 'inspect') return inspectImage(files[0] ?? '', output)
  if (verb === 'suffix') return addSuffix(line, files[0] ?? '', output)
  return listImages(line, output)
}

async function shelf(line: CommandLine) {
  return (await openLibrary(openDataFolder(line.data).library, { clock: systemClock })).images
}

async function listImages(line: CommandLine, output: Output): Promise<ExitCode> {
  const { files, damaged } = await (await shelf(line)).list()
  for (const file of files) {
    const { sha256, sizeBytes, source, images: firmwares } = file
    const what = firmwares.map((image) => `${image.format} for ${forText(image)}`).join('; ')
    output.result(file, `${sha256}  ${sizeBytes}  ${source}  ${what}`)
  }
  for (const name of damaged) output.note(`damaged, left out: ${name}`)
  return exitCodes.ok
}

async function importImages(line: CommandLine, paths: readonly string[], output: Output): Promise<ExitCode> {
  const { imported, refused } = await (await shelf(line)).importPaths(paths)
  for (const { isNew, ...file } of imported) {
    const texts = file.images.map(imageText)
    output.result({ imported: { ...file, isNew } }, [`imported ${file.sha256}`, ...texts].join('\n'))
  }
  for (const { file, layer, reason, what } of refused) {
    if (output.json) output.result({ refused: { file, layer, reason, detail: what } }, '')
    output.note(`refused ${file}: ${what} [${reason}]`)
  }
  return refused.length === 0 ? exitCodes.ok : exitCodes.badInput
}

/** Throws the refusal of the file. */
async function inspectImage(file: string, output: Output): Promise<ExitCode> {
  for (const { image } of parseImages(readInput(file, maxImageBytes), { name: basename(file) }))
    output.result(image, imageText(image))
  return exitCodes.ok
}

/** What the new file says is read back from it before it is called done. */
async function addSuffix(line: CommandLine, file: string, output: Output): Promise<ExitCode> {
  refuseOverwrite(line)
  const bytes = readInput(file, maxImageBytes)
  const refuse = refuser('image', basename(file))
  if (readSuffix(bytes, refuse)) refuse('BAD_SUFFIX', 'it has a DFU suffix already')
  const kind = isDfuse(bytes) ? 'dfuse' : 'dfu'
  if (kind === 'dfu') refuseAddressed(bytes, file)
  const made = withSuffix(bytes, line.stated, kind)
  const [first] = parseImages(made, { name: basename(line.out ?? '') })
  writeOut(line, made)
  if (first) output.result({ suffix: { file: line.out, ...first.image } }, `wrote ${imageText(first.image)}`)
  return exitCodes.ok
}

/** A file whose format has addresses would lose them behind a plain suffix: its text would be written as it is. */
function refuseAddressed(bytes: Uint8Array, file: string): void {
  for (const { image } of parseImages(bytes, { name: basename(file).replace(/\.dfu$/i, '.bin') })) {
    if (image.format === 'raw') continue
    refuser('image', basename(file))('UNSUPPORTED_FILE', `a ${image.format} file has no place for a DFU suffix`)
  }
}
