import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFresh } from '../../src/main/launch/ensure-built.ts'
import { runChild } from '../../src/main/launch/run-child.ts'

const launcher = fileURLToPath(new URL('../../src/main/launch/launch.ts', import.meta.url))
const children: ChildProcess[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-launch-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** The launcher as npm runs it, on a computer without a display unless the test says otherwise. */
function launch(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ELECTRON_OVERRIDE_DIST_PATH: _path, ...rest } = process.env
  const child = spawn(process.execPath, [launcher, ...words, '--data', join(folder, 'data')], {
    env: { ...rest, CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let out = ''
  let complaints = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return { child, ended, out: () => out, complaints: () => complaints }
}

const address = /http:\/\/127\.0\.0\.1:(\d+)\/\?token=[\w-]+/
const isOpen = (port: string | undefined) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    ({ status }) => status === 401,
    () => false,
  )

describe('npm start', () => {
  it('says in one line why there is no window and where the station is, and ends with all of it on a signal', async () => {
    const run = launch(['start', '--sim', 'boron:1'])
    await expect.poll(run.out, { timeout: 25_000 }).toMatch(address)
    const lines = run
      .out()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('Building'))
    expect(lines).toEqual([
      expect.stringMatching(
        /^No desktop window \(this computer has no display\); the station is in the browser at http/,
      ),
    ])
    const port = address.exec(run.out())?.[1]
    expect(await isOpen(port)).toBe(true)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(await isOpen(port)).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('falls back to the browser when Electron cannot run here', async () => {
    await writeFile(
      join(folder, 'electron'),
      '#!/bin/sh\necho "libnss3.so: cannot open shared object file" >&2\nexit 127\n',
    )
    await chmod(join(folder, 'electron'), 0o755)
    const run = launch(['start', '--sim', 'boron:1'], { ELECTRON_OVERRIDE_DIST_PATH: folder })
    await expect.poll(run.out, { timeout: 25_000 }).toMatch(/Electron does not run here \(it ended with 127\).*http:/)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })

  it.skipIf(process.platform === 'win32')('starts the Electron that a person named, with the words given', async () => {
    await writeFile(join(folder, 'electron'), `#!/bin/sh\nprintf '%s\\n' "$@"\nexit 3\n`)
    await chmod(join(folder, 'electron'), 0o755)
    const run = launch(['demo', '--boards', '4', '--no-browser'], { ELECTRON_OVERRIDE_DIST_PATH: folder })
    expect(await run.ended).toBe(3)
    const words = run
      .out()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('Building'))
    expect(words.slice(1)).toEqual(['--demo', '--boards', '4', '--data', join(folder, 'data')])
  })

  it('ends with 2 and one line for words that nobody knows', async () => {
    const wrong = launch(['start', '--port', 'web'])
    expect(await wrong.ended).toBe(2)
    expect(wrong.complaints()).toBe('--port takes a number from 0 to 65535, not "web"\n')
    const unknown = launch(['start', '--bords', '8'])
    expect(await unknown.ended).toBe(2)
    expect(unknown.complaints()).toContain('--bords')
  })
})

describe('npm run demo -- --headless', () => {
  it('is the command line, with nothing built and nothing on stdout but its results', async () => {
    const run = launch(['demo', '--headless', '--boards', '1', '--json'])
    expect([0, 1]).toContain(await run.ended)
    const results = run
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(results.at(-1)).toHaveProperty('summary')
  })
})

describe('a build', () => {
  const put = async (path: string, at: Date, text = '') => {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    await utimes(file, at, at)
    for (let up = dirname(file); up !== folder; up = dirname(up)) await utimes(up, at, at)
  }
  const early = new Date('2026-01-01T00:00:00Z')
  const built = new Date('2026-01-02T00:00:00Z')
  const late = new Date('2026-01-03T00:00:00Z')

  beforeEach(async () => {
    await put('src/main/a.ts', early)
    for (const product of ['main/shell.js', 'main/station-host.js', 'preload/preload.cjs', 'renderer/index.html']) {
      await put(`out/${product}`, built)
    }
    await put('out/built-at.txt', built, built.toISOString())
  })

  it('is fresh while nothing that it was made of has changed', () => {
    expect(isFresh(folder)).toBe(true)
  })

  it('is stale after an edit, an addition, a removal, or the loss of a product', async () => {
    await put('src/main/deep/b.ts', late)
    expect(isFresh(folder)).toBe(false)
    await rm(join(folder, 'src/main/deep'), { recursive: true })
    await utimes(join(folder, 'src/main'), late, late)
    expect(isFresh(folder)).toBe(false)
    await utimes(join(folder, 'src/main'), early, early)
    await utimes(join(folder, 'src'), early, early)
    expect(isFresh(folder)).toBe(true)
    await rm(join(folder, 'out/preload/preload.cjs'))
    expect(isFresh(folder)).toBe(false)
  })

  it('is stale where there was none', async () => {
    await rm(join(folder, 'out'), { recursive: true })
    expect(isFresh(folder)).toBe(false)
  })
})

describe('a child of the launcher', () => {
  const run = (script: string, onLine?: (line: string) => void) =>
    runChild({ program: process.execPath, words: ['-e', script], cwd: folder, ...(onLine ? { onLine } : {}) })

  it('gives its lines whole and its code', async () => {
    const lines: string[] = []
    const end = await run(
      `process.stdout.write('a'); setTimeout(() => { process.stdout.write('b\\nc'); process.exitCode = 5 }, 50)`,
      (line) => lines.push(line),
    )
    expect([lines, end]).toEqual([['ab', 'c'], { code: 5, isKilled: false, wasStopped: false }])
  })

  it('is told apart when it was killed', async () => {
    expect(await run(`process.kill(process.pid, 'SIGKILL')`)).toMatchObject({ isKilled: true, wasStopped: false })
  })

  it('rejects when the program is not there', async () => {
    await expect(runChild({ program: join(folder, 'nothing'), words: [], cwd: folder })).rejects.toThrow(/ENOENT/)
  })
})
