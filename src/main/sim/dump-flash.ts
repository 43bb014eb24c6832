// The raw memory of a simulated board, read past USB, so that what a flash job left there can be compared with files
// without the engine's help.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SimulatedBoard } from './simulated-board.ts'

export interface FlashDump {
  readonly deviceId: string
  /** Whole internal flash; byte 0 is the first address of the chip. */
  readonly internal: Uint8Array
  readonly internalBase: number
  /** Whole external flash, or null where there is none. */
  readonly external: Uint8Array | null
  readonly dct: Uint8Array
}

export function dumpFlash(board: SimulatedBoard): FlashDump {
  const { internal, external, dct } = board.chips
  return {
    deviceId: board.facts().deviceId,
    internal: internal.read(internal.base, internal.sizeBytes),
    internalBase: internal.base,
    external: external?.read(external.base, external.sizeBytes) ?? null,
    dct: dct.slice(),
  }
}

/** Writes `ID-alt0.bin`, `ID-alt1.bin` (DCT) and, where there is one, `ID-alt2.bin` into the folder; returns the names. */
export async function writeFlashDump(board: SimulatedBoard, folder: string): Promise<readonly string[]> {
  const { deviceId, internal, dct, external } = dumpFlash(board)
  const files = [internal, dct, external].flatMap((bytes, alternate) =>
    bytes ? [{ name: `${deviceId}-alt${alternate}.bin`, bytes }] : [],
  )
  await mkdir(folder, { recursive: true })
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes)
  return files.map(({ name }) => name)
}
