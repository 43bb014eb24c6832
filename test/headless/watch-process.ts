// Processes and their ledger as an outsider sees them: by process ID, and by reading while they write.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'

/** Linux: processes whose parent this is. */
export function childrenOf(pid: number | undefined): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => statOf(candidate)?.parent === pid)
}

/** Not gone and not a zombie that only waits to be collected. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== null && stat.state !== 'Z'
}

function statOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}

export async function untilGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) return false
    await delay(20)
  }
  return true
}

/** Until the ledger of a running station has so many records. */
export async function untilRecords(data: string, count: number): Promise<void> {
  while (recordCount(data) < count) await delay(20)
}

function recordCount(data: string): number {
  const { ledger: file } = dataFolderAt(data)
  if (!existsSync(file)) return 0
  try {
    using ledger = openLedgerForReading({ file })
    return ledger.search({}).total
  } catch {
    // The station is just making the file.
    return 0
  }
}
