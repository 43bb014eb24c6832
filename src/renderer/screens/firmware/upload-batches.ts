// Packs chosen files into the calls that carry them: one folder stays together, because its files may be one set.
import { firmware } from '../../text/firmware.ts'
import type { ChosenFile } from './chosen-files.ts'
import type { UploadKind } from './upload-kinds.ts'

/** Limits of one importFiles call, with room for the third that base64 adds. */
const maxFiles = 64
const maxBytes = 64 * 1024 * 1024

export interface Uploads {
  readonly batches: readonly (readonly ChosenFile[])[]
  /** Sentences about what was not taken. */
  readonly remarks: readonly string[]
}

export function packUploads(
  chosen: readonly ChosenFile[],
  kind: Pick<UploadKind<unknown>, 'wanted' | 'nothing'>,
): Uploads {
  const wanted = chosen.filter(({ path }) => kind.wanted.test(path))
  if (wanted.length === 0) return { batches: [], remarks: [kind.nothing] }
  const batches: ChosenFile[][] = []
  const remarks: string[] = []
  for (const [folder, files] of Map.groupBy(wanted, ({ path }) => path.slice(0, path.lastIndexOf('/') + 1))) {
    const last = batches.at(-1)
    if (!fits(files)) remarks.push(firmware.folderTooLarge(folder || '.', files.length))
    else if (last !== undefined && fits([...last, ...files])) last.push(...files)
    else batches.push([...files])
  }
  return { batches, remarks }
}

function fits(files: readonly ChosenFile[]): boolean {
  return files.length <= maxFiles && files.reduce((sum, { file }) => sum + file.size, 0) <= maxBytes
}

/** The content of a file as the call wants it. */
export function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} cannot be read`))
    reader.readAsDataURL(file)
  })
}
