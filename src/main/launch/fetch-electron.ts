// Fetches Electron's binary by its package's own script, within seconds or not at all: a closed network must not hold
// up a station. What was fetched in part is removed.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../station/ports.ts'
import type { ElectronPackage } from './electron-package.ts'

/** Null when it was fetched, else why not, in a few words. */
export async function fetchElectron(from: ElectronPackage, timeoutMs: number, clock: Clock): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'station-fetch-'))
  const child = spawn(process.execPath, [from.installScript], {
    env: { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const forget = killWithUs(child)
  try {
    return await ending(child, timeoutMs, clock)
  } finally {
    forget()
    await rm(folder, { recursive: true, force: true })
    if (!existsSync(join(from.folder, 'path.txt'))) {
      await rm(join(from.folder, 'dist'), { recursive: true, force: true })
    }
  }
}

async function ending(child: ChildProcess, timeoutMs: number, clock: Clock): Promise<string | null> {
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 4_000)
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
    child.on('error', () => resolve(null))
  })
  const waiting = new AbortController()
  const inTime = await Promise.race([
    ended.then(() => true),
    clock.sleep(timeoutMs, waiting.signal).then(
      () => false,
      () => true,
    ),
  ])
  waiting.abort()
  if (!inTime) child.kill('SIGKILL')
  const code = await ended
  if (code === 0) return null
  return inTime ? firstReason(complaint) : `not within ${Math.round(timeoutMs / 1000)} s`
}

/** "getaddrinfo ENOTFOUND github.com" rather than a stack. */
function firstReason(complaint: string): string {
  const cause = /\b(?:getaddrinfo )?E[A-Z]{4,}\b[^\n]{0,80}/.exec(complaint)?.[0]
  if (cause !== undefined) return cause.trim()
  // What Node says of every failure of the network when it leaves the cause out.
  if (complaint.includes('fetch failed')) return 'its server cannot be reached'
  return complaint.trim().split('\n')[0] || 'its installer failed'
}

/** The launcher may be stopped while it waits; nothing is left running then. */
function killWithUs(child: ChildProcess): () => void {
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  return () => process.off('exit', kill)
}
