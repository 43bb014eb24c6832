// Files that a screen uploaded, laid out as the folder they were, for as long as their import takes.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'

export interface UploadedFile {
  /** Relative, as the person chose it: "release/boron-system-part1.bin". */
  readonly path: string
  readonly contentBase64: string
}

const prefix = 'upload-'

/** Gives `work` a folder under `root` with these files. CALL_REJECTED names a path that cannot be one of a folder. */
export async function withUploadFolder<T>(
  root: string,
  files: readonly UploadedFile[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(root, prefix))
  try {
    for (const file of files) await layOut(folder, file)
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function layOut(folder: string, { path, contentBase64 }: UploadedFile): Promise<void> {
  const target = normalize(join(folder, path))
  if (!target.startsWith(folder + sep)) throw new Fault('CALL_REJECTED', `${path}: leads out of the folder`)
  try {
    await mkdir(dirname(target), { recursive: true })
    // A path that comes twice is refused, not overwritten.
    await writeFile(target, Buffer.from(contentBase64, 'base64'), { flag: 'wx' })
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('CALL_REJECTED', `${JSON.stringify(path)}: cannot be laid out (${why})`, { cause: thrown })
  }
}

/** What a run that was cut off left; to be called by the one station that owns the folder. */
export function removeAbandonedUploads(root: string): void {
  for (const name of readdirSync(root)) {
    if (name.startsWith(prefix)) rmSync(join(root, name), { recursive: true, force: true })
  }
}
