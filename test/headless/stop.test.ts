// How a run ends before its time: signals, readers that go away. And the demo without a screen, which ends by itself.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { ensureBuilt } from '../../src/main/launch/ensure-built.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { recipe } from '../desk/samples.ts'
import { flashOutput, jsonLines, startStation, station, stockedFolder, temporaryFolder } from './run-station.ts'
import { childrenOf, isAlive, untilRecords } from './watch-process.ts'

const projectFolder = fileURLToPath(new URL('../../', import.meta.url))
const commandLine = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))

describe('demo --headless --boards 8 --json', () => {
  it('passes eight boards and exits 0', async () => {
    const ended = await station('demo', '--headless', '--boards', '8', '--json', '--data', temporaryFolder())
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 8, fail: 0, error: 0 })
    expect(new Set(results.map(({ platform }) => platform))).toEqual(new Set(['boron', 'photon', 'p2']))
    expect(new Set(results.map(({ deviceId }) => deviceId)).size).toBe(8)
  })
})

// Process IDs of children are read from /proc.
describe.skipIf(process.platform !== 'linux')('a run that is stopped in mid-flash', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s: aborts, tells every board, exits 3, leaves nothing open and no process',
    async (signal) => {
      const data = await stockedFolder()
      const words = ['flash', '--target', '4.0.2', '--sim', 'boron:3', '--sim-speed', '4', '--json', '--data', data]
      const running = startStation(words)
      await untilRecords(data, 3)
      const children = childrenOf(running.child.pid)
      expect(children).toHaveLength(1)
      // As a terminal does it: the whole group hears it, and npm passes it on a second time.
      for (const pid of [...children, Number(running.child.pid)]) process.kill(pid, signal)
      running.child.kill(signal)
      const ended = await running.ended
      expect(ended.code).toBe(3)
      const { results, summary } = flashOutput(ended.stdout)
      expect(summary).toEqual({ pass: 0, fail: 0, error: 3 })
      expect(results.map(({ outcome, fault }) => [outcome, fault?.code])).toEqual(
        Array.from({ length: 3 }, () => ['aborted', 'JOB_ABORTED']),
      )
      using ledger = openLedgerForReading({ file: dataFolderAt(data).ledger })
      expect(ledger.search({}).records.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted', 'aborted'])
      expect(children.some(isAlive)).toBe(false)
    },
  )

  it('the web door ends with 0, and its USB process with it', async () => {
    await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
    const running = startStation(['serve', '--json', '--sim', 'boron:1', '--data', temporaryFolder()])
    await running.said('"url"')
    expect(jsonLines(running.stdout())[0]).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/),
      port: expect.any(Number),
    })
    const children = childrenOf(running.child.pid)
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0 })
    expect(children.some(isAlive)).toBe(false)
  }, 120_000)
})

describe('a reader that goes away', () => {
  it.each(['stdout', 'stderr'] as const)('%s closed at once does no harm: the boards are done', async (stream) => {
    const data = await stockedFolder()
    // There is no such Boron firmware: something is said on stderr before the first board, and on stdout after each.
    const file = join(temporaryFolder(), 'recipe.json')
    writeFileSync(file, JSON.stringify(recipe({ platforms: ['photon', 'boron'], deviceOs: '2.3.1' })))
    const words = ['flash', '--recipe', file, '--sim', 'photon:2', '--sim-speed', '60', '--json', '--data', data]
    const child = spawn(process.execPath, [commandLine, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    child[stream].destroy()
    child.stdout.resume()
    child.stderr.resume()
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(0)
    using ledger = openLedgerForReading({ file: dataFolderAt(data).ledger })
    expect(ledger.search({}).records.map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
  })

  it('of an export: it ends quietly', async () => {
    const data = temporaryFolder()
    await station('demo', '--headless', '--boards', '1', '--data', data)
    const shell = `"${process.execPath}" "${commandLine}" ledger export --data "${data}" | head -c 5; exit \${PIPESTATUS[0]}`
    const child = spawn('bash', ['-c', shell], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    let complaints = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, text, complaints]).toEqual([0, '"reco', ''])
  })
})

describe('npm run -s station', () => {
  it('is the same command line', async () => {
    const child = spawn('npm', ['run', '-s', 'station', '--', 'version', '--json'], {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(0)
    expect(jsonLines(text)[0]).toHaveProperty('version')
  })
})
