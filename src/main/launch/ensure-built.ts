// Builds the window and the screens when their sources are newer than what lies in out/. Two launchers at once build
// once: the second waits.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'
import type { Clock } from '../station/ports.ts'

/** What the build reads, and so what makes it stale. */
const sources = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
/** What must be there after it. */
const products = ['main/shell.js', 'main/station-host.js', 'preload/preload.cjs', 'renderer/index.html']
const waitWithinMs = 120_000

export interface EnsureBuiltOptions {
  readonly projectFolder: string
  readonly clock: Clock
  /** Called before a build begins: it takes a few seconds. */
  readonly onBuilding: () => void
}

export async function ensureBuilt(options: EnsureBuiltOptions): Promise<void> {
  const { projectFolder, clock } = options
  if (isFresh(projectFolder)) return
  const release = await takeLock(join(projectFolder, '.cache'), clock)
  try {
    if (isFresh(projectFolder)) return
    options.onBuilding()
    const startedAt = new Date(clock.now())
    await build(projectFolder)
    writeFileSync(stampOf(projectFolder), startedAt.toISOString())
  } finally {
    release()
  }
}

/** The stamp holds when the build began, so that what was edited meanwhile is built again. */
export function isFresh(projectFolder: string): boolean {
  const stamp = readOrNull(stampOf(projectFolder))
  if (stamp === null || !products.every((name) => newest(join(projectFolder, 'out', name)) > 0)) return false
  const builtAt = Date.parse(stamp)
  return sources.every((source) => newest(join(projectFolder, source)) < builtAt)
}

function stampOf(projectFolder: string): string {
  return join(projectFolder, 'out', 'built-at.txt')
}

/** Of a file, or of a folder and all in it: a folder changes when a file in it goes. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs)
}

function build(projectFolder: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('electron-vite/package.json')
  const program = join(dirname(manifest), 'bin', 'electron-vite.js')
  const child = spawn(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (text: string) => {
    output = (output + text).slice(-8_000)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Fault('INTERNAL', `the build failed:\n${output}`))
    })
  })
}

/** A folder that only one process can make; one whose maker is gone is taken over. */
async function takeLock(cacheFolder: string, clock: Clock): Promise<() => void> {
  const lock = join(cacheFolder, 'build.lock')
  const deadline = clock.monotonic() + waitWithinMs
  mkdirSync(cacheFolder, { recursive: true })
  while (!tryLock(lock)) {
    if (clock.monotonic() > deadline)
      throw new Fault('INTERNAL', `another build does not end; if none runs, remove ${lock}`)
    await clock.sleep(100)
  }
  return () => rmSync(lock, { recursive: true, force: true })
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    const holder = Number(readOrNull(lock) ?? Number.NaN)
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true })
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
