// Debian's dfu-util, one process for each act, as it is used. Its start is measured too, by letting it list the board,
// which opens it and reads all its names but moves no data: that much is taken off its time, in its favour.
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { boron, type ClientReport, type JobOrder } from './dfu-client.ts'

const run = promisify(execFile)
const id = `${boron.vendorId.toString(16).padStart(4, '0')}:${boron.productId.toString(16)}`
const board = ['-d', id, '-a', String(boron.alternate)]

export async function runDfuUtil(order: JobOrder): Promise<ClientReport> {
  // It does not write over a file.
  if (order.act === 'read-back') rmSync(order.file, { force: true })
  const openMs = await timed('-d', id, '-l')
  const all =
    order.act === 'download'
      ? await timed(...board, '-s', String(boron.address), '-D', order.file)
      : await timed(...board, '-s', `${boron.address}:${order.sizeBytes}`, '-U', order.file)
  return { openMs, workMs: all - openMs, closeMs: 0 }
}

async function timed(...words: readonly string[]): Promise<number> {
  const startedMs = performance.now()
  await run('dfu-util', words)
  return performance.now() - startedMs
}
