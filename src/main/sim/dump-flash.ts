// The raw memory of a simulated board or device, read past USB, so that what a flash job left there can be compared with files
// without the engine's help.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SimulatedBoard } from './simulated-board.ts'
import type { InPort } from './simulated-bus.ts'

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

/** The same for what is in a port; devices that are no boards may share their serial numbers: `1-1.2-alt0.bin` and on. */
export async function writeDump({ portPath, occupant }: InPort, folder: string): Promise<readonly string[]> {
  if (occupant.kind === 'board') return writeFlashDump(occupant, folder)
  const names = Array.from({ length: occupant.memoryCount }, (_, alternate) => `${portPath}-alt${alternate}.bin`)
  await mkdir(folder, { recursive: true })
  for (const [alternate, name] of names.entries()) await writeFile(join(folder, name), occupant.memory(alternate))
  return names
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
