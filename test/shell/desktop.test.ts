import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../src/main/launch/ensure-built.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { StationBridge } from '../../src/renderer/station/link.ts'
import { callNames } from '../../src/shared/contract/contract.ts'
import type { PacksView } from '../../src/shared/model/pack-view.ts'
import type { Settings } from '../../src/shared/model/settings.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'
import { packBytes } from '../station/packs/pack-samples.ts'
import { electronUnderTest, projectFolder } from './electron-under-test.ts'

const electron = electronUnderTest()
declare const window: { readonly station: StationBridge }

describe.skipIf(electron.kind === 'none')(`the built shell (${electron.title})`, () => {
  const binary = electron.kind === 'none' ? '' : electron.binary
  const messages: string[] = []
  let data: string
  let app: ElectronApplication
  let page: Page

  const words = () => [
    ...(electron.kind === 'real' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...[projectFolder, '--data', data, '--sim', 'boron:2', '--sim-speed', '100'],
  ]
  const log = () => readFile(join(data, 'logs', 'shell.log'), 'utf8')

  beforeAll(async () => {
    await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
    data = await mkdtemp(join(tmpdir(), 'station-desktop-'))
    app = await _electron.launch({ executablePath: binary, cwd: projectFolder, args: words() })
    page = await app.firstWindow()
    await page.getByText('SIMULATION').first().waitFor()
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => messages.push(`error: ${error.message}`))
  })
  afterAll(async () => {
    await app?.close().catch(() => undefined)
    await rm(data, { recursive: true, force: true })
  })

  it('opens a window and shows the bench with its boards, with no complaint of the page', async () => {
    await expect.poll(() => page.locator('body').innerText(), { timeout: 15_000 }).toMatch(/SIMULATION[\s\S]*e00fce68/)
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((each) => each.isVisible())))
      .toEqual([true])
    expect(await page.title()).toBe('DFU Station')
    expect(messages).toEqual([])
  })

  it('gives the page two functions and nothing of Node', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.entries(window.station).map(([name, value]) => `${name}: ${typeof value}`),
      globals: ['process', 'require', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    }))
    expect(seen).toEqual({ bridge: ['call: function', 'watch: function'], globals: [] })
  })

  it('answers calls and feeds through the bridge', async () => {
    const outcome = await page.evaluate(() => window.station.call('setOperator', { name: 'Ada' }))
    expect(outcome).toMatchObject({ ok: true, value: { operator: 'Ada' } satisfies Partial<Settings> })
    const frames = await page.evaluate(async () => {
      const heard: unknown[] = []
      const stop = window.station.watch('bench', (frame) => heard.push(frame))
      await new Promise((resolve) => setTimeout(resolve, 300))
      await window.station.call('setOperator', { name: 'Grace' })
      await new Promise((resolve) => setTimeout(resolve, 500))
      stop()
      const count = heard.length
      await window.station.call('setOperator', { name: null })
      await new Promise((resolve) => setTimeout(resolve, 500))
      return { heard, late: heard.length - count }
    })
    expect(frames.heard[0]).toMatchObject({ full: true, station: { operator: 'Ada' } })
    expect(frames.heard.at(-1)).toMatchObject({ full: false, station: { operator: 'Grace' } })
    expect(frames.late).toBe(0)
  })

  it('answers a bad call with CALL_REJECTED and watches only feeds of the contract', async () => {
    const rejected = { ok: false, fault: { code: 'CALL_REJECTED' } }
    const call = (name: string, input: unknown) =>
      page.evaluate(([each, its]) => window.station.call(each as 'startSlots', its), [name, input] as const)
    expect(await call('startSlots', { slots: ['1; rm -rf'] })).toMatchObject(rejected)
    expect(await call('openDevTools', {})).toMatchObject(rejected)
    expect(await call('constructor', {})).toMatchObject(rejected)
    await expect(page.evaluate(() => window.station.watch('secrets' as 'bench', () => undefined))).rejects.toThrow(
      /no feed is named/,
    )
  })

  it('has a bridge that knows exactly the calls of the contract, without their schemas', async () => {
    const preload = await readFile(join(projectFolder, 'out/preload/preload.cjs'), 'utf8')
    expect(await readdir(join(projectFolder, 'out/preload'))).toEqual(['preload.cjs'])
    expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['electron'])
    for (const name of callNames) expect(preload).toContain(`"${name}"`)
    expect(preload.length).toBeLessThan(4_000)
  })

  it('refuses to leave its page, to open another, and to load anything from elsewhere', async () => {
    const at = page.url()
    await page.evaluate(() => {
      location.href = 'https://example.com/'
    })
    expect(await page.evaluate(() => globalThis.open('https://example.com/') === null)).toBe(true)
    await expect(page.evaluate(() => fetch('https://example.com/'))).rejects.toThrow()
    await page.waitForTimeout(300)
    expect(page.url()).toBe(at)
    expect(app.windows()).toHaveLength(1)
    expect(await log()).toMatch(/refused to go to https:\/\/example\.com[\s\S]*refused to open https:\/\/example\.com/)
  })

  it('grants no permission', async () => {
    expect(await page.evaluate(() => Notification.requestPermission())).not.toBe('granted')
  })

  it('refuses every sender but the page of its own window', async () => {
    const answer = await app.evaluate(
      async ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true },
        })
        await other.loadURL('app://station/index.html')
        const ask = `Promise.all([
        window.station.call('readSettings', {}),
        new Promise((resolve) => { window.station.watch('bench', () => resolve('heard')); setTimeout(() => resolve('silent'), 500) }),
      ])`
        const result: unknown = await other.webContents.executeJavaScript(ask)
        other.show()
        other.destroy()
        return result
      },
      join(projectFolder, 'out/preload/preload.cjs'),
    )
    expect(answer).toEqual([
      { ok: false, fault: { code: 'CALL_REJECTED', detail: 'this page may not ask the station' } },
      'silent',
    ])
  })

  it('gives app:// nothing but the files of the page, with the policy', async () => {
    const answers = await page.evaluate(async () => {
      const ask = async (path: string) => {
        const response = await fetch(path)
        return [response.status, response.headers.get('content-security-policy')?.slice(0, 18) ?? null]
      }
      return [await ask('index.html'), await ask('package.json'), await ask('%2e%2e/%2e%2e/package.json')]
    })
    expect(answers).toEqual([
      [200, "default-src 'self'"],
      [404, "default-src 'self'"],
      [404, "default-src 'self'"],
    ])
  })

  it('saves an export where the person says', async () => {
    const path = join(data, 'chosen.csv')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    const outcome = await page.evaluate(() => window.station.call('exportRecords', { format: 'csv', filter: {} }))
    expect(outcome).toEqual({ ok: true, value: { kind: 'saved', path } })
    expect(await readFile(path, 'utf8')).toMatch(/deviceId|device/i)
  })

  it('is one per data folder: a second start ends at once', async () => {
    const second = spawn(binary, words(), { cwd: projectFolder, stdio: 'ignore' })
    expect(await new Promise((resolve) => second.on('exit', resolve))).toBe(0)
    expect(app.windows()).toHaveLength(1)
  })

  it('opens a pack of a second start or a link once a person agrees, and a pack that is none not at all', async () => {
    const file = join(data, 'line.dfupack')
    await writeFile(file, await packBytes(null))
    await writeFile(join(data, 'none.dfupack'), 'no pack')
    await app.evaluate(({ dialog }) => {
      const asked: string[] = []
      const answers = [0, 1, 0, 1]
      Object.assign(globalThis, { asked })
      dialog.showMessageBox = async (...words: unknown[]) => {
        asked.push((words.at(-1) as { message: string }).message)
        return { response: answers.shift() ?? 0, checkboxChecked: false }
      }
    })
    const asked = () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)
    const second = async (word: string) => {
      const start = spawn(binary, [...words(), word], { cwd: projectFolder, stdio: 'ignore' })
      await new Promise((resolve) => start.on('exit', resolve))
    }
    const packs = async () => {
      const outcome = await page.evaluate(() => window.station.call('listPacks', {}))
      return (outcome as { readonly value: PacksView }).value
    }
    const question = 'Open Blinky line version 1, not signed by anybody this station trusts?'
    await second(file)
    await expect.poll(asked).toEqual([question])
    expect(await packs()).toMatchObject({ packs: [], focus: null })
    await second(file)
    await expect.poll(async () => (await packs()).focus).toBe('Blinky line')
    expect((await packs()).packs).toMatchObject([{ standing: 'unsigned', isChosen: true, takenFrom: file }])
    await second('dfu-station://open?pack=Blinky%20line')
    await expect.poll(asked).toEqual([question, question, question])
    await second(`dfu-station://open?pack=${encodeURIComponent(file)}`)
    await second(join(data, 'none.dfupack'))
    await expect.poll(asked).toEqual([question, question, question, 'This is not a whole recipe pack'])
    await page.evaluate(() => window.station.call('leaveFocus', { typed: 'Blinky line' }))
    expect((await packs()).focus).toBeNull()
  })

  it('runs the USB process as a child of its own, and leaves nothing behind when it closes', async () => {
    const running = () =>
      execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('station-host.js') && line.includes(projectFolder))
    const main = app.process()
    const hosts = electron.kind === 'stand-in' ? running() : []
    if (electron.kind === 'stand-in') expect(hosts.length).toBeGreaterThan(0)
    const ended = new Promise((resolve) => main.on('exit', resolve))
    // The pack of the test before may still be at work on the boards: whoever closes now means it.
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    })
    await app.close()
    expect(await ended).toBe(0)
    expect(running().filter((line) => hosts.includes(line))).toEqual([])
    expect(await log()).not.toContain('"level":"error"')
  })
})

describe.skipIf(electron.kind === 'none')(`the demo in a window (${electron.title})`, () => {
  it('brings its own firmware, recipe and boards, and asks before it is closed in the middle', async () => {
    await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
    const data = await mkdtemp(join(tmpdir(), 'station-demo-'))
    const root = electron.kind === 'real' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const app = await _electron.launch({
      executablePath: electron.kind === 'none' ? '' : electron.binary,
      cwd: projectFolder,
      args: [...root, projectFolder, '--demo', '--data', data, '--sim-speed', '1'],
    })
    const main = app.process()
    const ended = new Promise((resolve) => main.on('exit', resolve))
    try {
      const page = await app.firstWindow()
      await page.getByText('Demo: three families').first().waitFor()
      await page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            window.station.watch('bench', (frame) => {
              if ((frame as BenchFrame).slots.some(({ state }) => state === 'working')) resolve()
            })
          }),
      )
      await app.evaluate(({ BrowserWindow, dialog }) => {
        const asked: string[] = []
        Object.assign(globalThis, { asked })
        dialog.showMessageBox = async (...words: unknown[]) => {
          asked.push((words.at(-1) as { message: string }).message)
          return { response: asked.length - 1, checkboxChecked: false }
        }
        BrowserWindow.getAllWindows()[0]?.close()
      })
      await page.waitForTimeout(300)
      expect(app.windows()).toHaveLength(1)
      expect(await app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)).toEqual([
        expect.stringMatching(/^(A board is|\d boards are) being flashed\.$/),
      ])
      await app.close()
      expect(await ended).toBe(0)
    } finally {
      main.kill('SIGKILL')
      await rm(data, { recursive: true, force: true })
    }
  })
})
