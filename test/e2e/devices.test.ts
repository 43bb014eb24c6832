// Generic DFU devices on the screens, from files to the ledger: images come in, a recipe is composed, devices with one serial
// number, one that cannot be read back and a loader that many products share are flashed, and a stranger is left alone.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../src/main/launch/ensure-built.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { projectFolder } from '../shell/electron-under-test.ts'
import { dfuFile, imageFor } from '../sim/generic/device-images.ts'
import { chromiumTitle, launchChromium, skipsChromium } from './chromium-under-test.ts'
import { type ServedStation, startStation } from './served-station.ts'

const screenshots = process.env['STATION_SCREENSHOTS'] ?? join(tmpdir(), 'dfu-station-screenshots')

const plain = imageFor('dfu', { release: 0x0203 })
const silent = imageFor('dfu-noupload', { release: 0x0204 })
const chip = imageFor('stm32', { release: 0x0205 })
const idsOf = ({ vendorId, productId }: (typeof plain)['ids']['dfu']) =>
  [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':')

const bench = {
  format: 'dfu-station-bench',
  version: 1,
  boards: [
    { platform: 'dfu', count: 2, serial: 'same' },
    { platform: 'dfu-noupload' },
    { platform: 'stm32', start: 'dfu' },
    { platform: 'laptop-bluetooth' },
  ],
}

describe.skipIf(skipsChromium)(`generic DFU devices on the screens (${chromiumTitle})`, () => {
  const complaints: string[] = []
  let folder: string
  let station: ServedStation
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true })
    folder = await mkdtemp(join(tmpdir(), 'station-devices-'))
    await writeFile(join(folder, 'bench.json'), JSON.stringify(bench))
    await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
    station = await startStation(['serve', '--sim', join(folder, 'bench.json'), '--sim-speed', '10'])
    browser = await launchChromium()
    page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage()
    page.on('console', (message) => {
      if (message.type() !== 'info' && message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    await page.goto(station.url)
    await tile(1).waitFor()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await station?.stop()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  const tile = (slot: number) => page.locator(`[data-slot="${slot}"]`)
  const textOf = (slot: number) => tile(slot).innerText()
  const shoot = async (name: string) => {
    for (const [width, height] of [
      [1920, 1080],
      [1366, 768],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(screenshots, `devices-${name}-${width}x${height}.png`) })
    }
    await page.setViewportSize({ width: 1920, height: 1080 })
  }
  const barriers = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  }

  it('takes images in, and refuses what is none with what to do instead', async () => {
    await page.keyboard.press('F4')
    await page.getByRole('tab', { name: 'Device images' }).click()
    const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(200)])
    await page.locator('input[accept*=".dfu"]').setInputFiles(
      Object.entries({
        'plain.dfu': dfuFile(plain),
        'silent.dfu': dfuFile(silent),
        'chip.bin': Buffer.from(chip.bytes),
        'program.elf': elf,
      }).map(([name, buffer]) => ({ name, buffer, mimeType: 'application/octet-stream' })),
    )
    await page.getByText('3 images imported').waitFor()
    await page.getByText(/objcopy/).waitFor()
    await shoot('images')
    expect(await barriers()).toEqual([])
  }, 60_000)

  it('composes a recipe for three devices and takes it into use', async () => {
    await page.getByRole('tab', { name: 'Recipes' }).click()
    await page.getByRole('button', { name: 'New recipe' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Three gadgets')
    await page.getByLabel('For', { exact: true }).selectOption('devices')
    for (const [place, name] of ['Plain', 'Silent', 'Chip'].entries()) {
      if (place > 0) await page.getByRole('button', { name: 'Add a device' }).click()
      await page.getByLabel(`Name of device ${place + 1}`).fill(name)
    }
    const choose = async (at: number, file: string) => {
      const options = page.getByLabel(`Image of device ${at}`).locator('option')
      const value = await options.filter({ hasText: file }).getAttribute('value')
      await page.getByLabel(`Image of device ${at}`).selectOption(value)
    }
    await choose(1, 'plain.dfu')
    expect(await page.getByLabel('Ids of device 1').inputValue()).toBe(idsOf(plain.ids.dfu))
    for (const [at, { ids }] of [plain, silent, chip].entries()) {
      await page.getByLabel(`Ids of device ${at + 1}`).fill(`${idsOf(ids.normal)}, ${idsOf(ids.dfu)}`)
    }
    await choose(2, 'silent.dfu')
    await page.getByText('More options of device 2').click()
    await page.getByLabel('How it is proven').nth(1).selectOption('reported')
    await choose(3, 'chip.bin')
    await page.getByText('More options of device 3').click()
    await page.getByLabel('Address of a raw image').nth(2).fill('0x08000000')
    await shoot('composer')
    expect(await barriers()).toEqual([])
    await page.getByRole('button', { name: 'Save recipe' }).click()
    await page.getByRole('region', { name: 'Chip', exact: true }).waitFor()
    await shoot('recipe')
    expect(await barriers()).toEqual([])
    await page.getByRole('button', { name: 'Use this recipe' }).click()
    await page.getByRole('banner').getByText('Three gadgets').waitFor()
  }, 60_000)

  it('flashes the twins by their ports, and says of each device how it was proven', async () => {
    await page.keyboard.press('F2')
    await expect
      .poll(() => Promise.all([1, 2, 3].map((slot) => tile(slot).getAttribute('data-state'))), { timeout: 60_000 })
      .toEqual(['passed', 'passed', 'passed'])
    for (const slot of [1, 2]) {
      expect(await textOf(slot)).toMatch(/serial not unique/)
      expect(await textOf(slot)).toMatch(/1 piece read back/)
      expect(await textOf(slot)).toContain('→ 2.03')
    }
    expect(await textOf(3)).toContain('reported by the device: not read back')
    expect(await textOf(3)).not.toMatch(/pieces? read back/)
  }, 70_000)

  it('asks which one a shared loader is, and takes START for the answer', async () => {
    await tile(4).getByText('WHICH?').waitFor()
    expect(await textOf(4)).toContain('is this a Chip?')
    await shoot('bench')
    expect(await barriers()).toEqual([])
    await page.keyboard.press('4')
    await expect.poll(() => tile(4).getAttribute('aria-current')).toBe('true')
    await page.keyboard.press('s')
    await expect.poll(() => tile(4).getAttribute('data-state'), { timeout: 60_000 }).toBe('passed')
    expect(await textOf(4)).toMatch(/1 piece read back/)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Table of images' }).waitFor()
    await shoot('slot')
    expect(await barriers()).toEqual([])
    await page.keyboard.press('Escape')
  }, 70_000)

  it('does nothing to the radio of the computer, and has no record of it', async () => {
    expect(await textOf(5)).toContain('Not a board of this recipe')
    await page.keyboard.press('F3')
    await expect.poll(() => page.getByRole('row').count()).toBe(5)
    await shoot('history')
    expect(await barriers()).toEqual([])
    await page.getByRole('row').filter({ hasText: ' on ' }).first().click()
    await page.getByText(/the serial number is not unique, a device on .* has the same/).waitFor()
    await shoot('record')
    expect(await barriers()).toEqual([])
    await page.keyboard.press('Escape')
  }, 60_000)

  it('exports its records', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text.match(/read-back/g)).toHaveLength(3)
    expect(text).toContain('reported')
  })

  it('has nothing to complain of in the browser, and ends when it is told to', async () => {
    expect(complaints).toEqual([])
    expect(await station.stop()).toBe(0)
  })
})
