// An export of the ledger, or a file that the station made, as a file that the person chose.
import { copyFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron/main'
import type { ExportResult } from '../../shared/contract/contract.ts'
import { writeWhole } from './write-whole.ts'

export interface SaveExportOptions {
  readonly window: BrowserWindow
  readonly format: 'csv' | 'jsonl'
  readonly text: () => AsyncIterable<string>
}

const kinds = { csv: 'Comma-separated values', jsonl: 'JSON Lines' } as const

export async function saveExport({ window, format, text }: SaveExportOptions): Promise<ExportResult> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), `dfu-station-records.${format}`),
    filters: [{ name: kinds[format], extensions: [format] }],
  })
  if (canceled || filePath === '') return { kind: 'cancelled' }
  await writeWhole(filePath, text())
  return { kind: 'saved', path: filePath }
}

/** A copy of a file that was made in the data folder. */
export async function saveFile(window: BrowserWindow, path: string): Promise<ExportResult> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), basename(path)),
    filters: [{ name: 'DFU Station', extensions: [extname(path).slice(1)] }],
  })
  if (canceled || filePath === '') return { kind: 'cancelled' }
  await copyFile(path, filePath)
  return { kind: 'saved', path: filePath }
}
