// A library in a folder of its own that is gone after the test.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../../src/main/station/firmware/library-model.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'firmware-library-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function temporaryLibrary(): Promise<FirmwareLibrary> {
  return openLibrary(await temporaryFolder(), { clock: systemClock })
}

export type Files = Readonly<Record<string, Uint8Array | string>>

export async function folderWith(files: Files): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}
