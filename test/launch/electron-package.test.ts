import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseWindow } from '../../src/main/launch/choose-window.ts'
import { type ElectronPackage, findBinary, findElectronPackage } from '../../src/main/launch/electron-package.ts'
import { fetchElectron } from '../../src/main/launch/fetch-electron.ts'
import { browserCommand } from '../../src/main/launch/open-browser.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'

let folder: string
let from: ElectronPackage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-launch-'))
  from = { folder, version: '45.4.1', installScript: join(folder, 'install.js') }
})
afterEach(() => rm(folder, { recursive: true }))

const installer = (text: string) => writeFile(from.installScript, text)
const put = async (path: string, text: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), text)
}

describe('Electron’s binary', () => {
  it('is the one that the package names, of its own version', async () => {
    await put('dist/version', 'v45.4.1')
    await put('dist/electron.exe', '')
    await put('path.txt', 'electron.exe')
    expect(findBinary(from, undefined)).toBe(join(folder, 'dist', 'electron.exe'))
  })

  it('is not there when fetching was cut off, when it is of another version, or when it was removed', async () => {
    await put('dist/version', '45.4.1')
    await put('dist/electron', '')
    expect(findBinary(from, undefined)).toBeNull()
    await put('path.txt', 'electron')
    await put('dist/version', '44.0.0')
    expect(findBinary(from, undefined)).toBeNull()
    await put('dist/version', '45.4.1')
    expect(findBinary(from, undefined)).not.toBeNull()
    await rm(join(folder, 'dist', 'electron'))
    expect(findBinary(from, undefined)).toBeNull()
  })

  it('is the one in the folder that a person named', async () => {
    await put('own/electron', '')
    expect(findBinary(from, join(folder, 'own'))).toBe(join(folder, 'own', 'electron'))
    expect(findBinary(from, join(folder, 'elsewhere'))).toBeNull()
  })

  it('is looked for in the installed package without fetching it', () => {
    expect(findElectronPackage()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  })
})

describe('fetching the binary', () => {
  it('ends with it where the installer brings it', async () => {
    await installer(`
      const fs = require('fs'), path = require('path')
      fs.mkdirSync(path.join(__dirname, 'dist'))
      fs.writeFileSync(path.join(__dirname, 'dist', 'version'), '45.4.1')
      fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '')
      fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron')`)
    expect(await fetchElectron(from, 10_000, systemClock)).toBeNull()
    expect(findBinary(from, undefined)).not.toBeNull()
  })

  it('says in a few words why it could not', async () => {
    await installer(
      `console.error('TypeError: fetch failed\\n  at x\\n  [cause]: Error: getaddrinfo ENOTFOUND github.com'); process.exit(1)`,
    )
    expect(await fetchElectron(from, 10_000, systemClock)).toBe('getaddrinfo ENOTFOUND github.com')
    await installer(`console.error('TypeError: fetch failed'); process.exit(1)`)
    expect(await fetchElectron(from, 10_000, systemClock)).toBe('its server cannot be reached')
    await installer('process.exit(1)')
    expect(await fetchElectron(from, 10_000, systemClock)).toBe('its installer failed')
  })

  it('gives up in time, ends the installer, and leaves nothing half-fetched', async () => {
    await installer(`
      const fs = require('fs'), os = require('os'), path = require('path')
      fs.mkdirSync(path.join(__dirname, 'dist'))
      fs.writeFileSync(path.join(__dirname, 'dist', 'half'), 'x')
      fs.writeFileSync(path.join(__dirname, 'where.txt'), process.pid + ' ' + os.tmpdir())
      fs.writeFileSync(path.join(os.tmpdir(), 'part.zip'), 'x')
      setInterval(() => {}, 1000)`)
    const startedAt = performance.now()
    expect(await fetchElectron(from, 1_500, systemClock)).toBe('not within 2 s')
    expect(performance.now() - startedAt).toBeLessThan(6_000)
    const [pid, temporary] = (await readFile(join(folder, 'where.txt'), 'utf8')).split(' ')
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/)
    expect(await readdir(folder)).not.toContain('dist')
    await expect(readdir(temporary ?? '')).rejects.toThrow(/ENOENT/)
  })
})

describe('where the station is shown', () => {
  const clock = systemClock

  it('is the browser on a Linux without a display, and nothing is fetched for it', async () => {
    expect(await chooseWindow({ env: {}, platform: 'linux', clock })).toEqual({
      kind: 'browser',
      reason: 'this computer has no display',
    })
  })

  it('is the Electron that a person named, with or without a display', async () => {
    await put('electron', '')
    const env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(await chooseWindow({ env, platform: 'linux', clock })).toEqual({
      kind: 'desktop',
      binary: join(folder, 'electron'),
    })
    const wrong = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nothing') }
    expect(await chooseWindow({ env: wrong, platform: 'linux', clock })).toMatchObject({
      reason: `there is no Electron in ${join(folder, 'nothing')}`,
    })
  })

  it('is opened by the program of the system, and by none in CI or without a display', () => {
    const url = 'http://127.0.0.1:1/?token=x'
    expect(browserCommand(url, {}, 'darwin')).toEqual(['open', url])
    expect(browserCommand(url, {}, 'win32')).toEqual(['rundll32', 'url.dll,FileProtocolHandler', url])
    expect(browserCommand(url, { WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toEqual(['xdg-open', url])
    expect(browserCommand(url, {}, 'linux')).toBeNull()
    expect(browserCommand(url, { DISPLAY: ':0', CI: 'true' }, 'linux')).toBeNull()
  })
})
