// A library in a folder of its own that is gone after the test.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
