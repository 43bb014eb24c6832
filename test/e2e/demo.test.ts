import { mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../src/main/launch/ensure-built.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { projectFolder } from '../shell/electron-under-test.ts'
import { chromiumTitle, launchChromium, skipsChromium } from './chromium-under-test.ts'
import { openSockets } from './open-sockets.ts'
import { type ServedStation, startDemo } from './served-station.ts'

const screenshots = process.env['STATION_SCREENSHOTS'] ?? join(tmpdir(), 'dfu-station-screenshots')

describe.skipIf(skipsChromium)(`the demo, by keyboard alone (${chromiumTitle})`, () => {
  const complaints: string[] = []
  let demo: ServedStation
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true })
    await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
    demo = await startDemo(['--boards', '8', '--sim-speed', '10'])
    browser = await launchChromium()
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
    page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() !== 'info' && message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  const slot = (number: number) => page.locator(`[data-slot="${number}"]`)
  const shoot = async (name: string) => {
    for (const [width, height] of [
      [1920, 1080],
      [1366, 768],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(screenshots, `${name}-${width}x${height}.png`) })
    }
    await page.setViewportSize({ width: 1920, height: 1080 })
  }

  const barriers = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  }

  it('lets the browser in once: the address becomes the page, and is no use to anybody else', async () => {
    await page.goto(demo.url)
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    await page.getByText('Demo: three families').first().waitFor()
    const other = await browser.newContext()
    const stranger = await other.newPage()
    expect((await stranger.goto(demo.url))?.status()).toBe(403)
    expect((await stranger.goto(page.url()))?.status()).toBe(401)
    await other.close()
  })

  it('shows eight boards that arrive, are flashed and pass', async () => {
    const passed = new Set<number>()
    await expect
      .poll(
        async () => {
          for (const number of await slotsInState(page, 'passed')) passed.add(number)
          return passed.size
        },
        { timeout: 90_000, interval: 250 },
      )
      .toBe(8)
    // Every board at its first try: what the recipe wants is there, and nothing had to be repeated.
    expect((await page.getByRole('banner').innerText()).replaceAll(/\s+/g, ' ')).toMatch(/FAIL 0 ERROR 0/)
    await shoot('bench')
    expect(await barriers()).toEqual([])
  }, 100_000)

  it('opens a slot by its digit and Enter, with steps and proven modules, and goes back by Escape', async () => {
    await expect.poll(() => slotsInState(page, 'passed'), { timeout: 60_000, interval: 100 }).toContain(2)
    await page.keyboard.press('2')
    await expect.poll(() => slot(2).getAttribute('aria-current')).toBe('true')
    await page.keyboard.press('Enter')
    await page.getByRole('table').first().waitFor()
    expect(page.url()).toMatch(/#slot\/2$/)
    await shoot('slot')
    expect(await barriers()).toEqual([])
    await page.keyboard.press('Escape')
    await slot(1).waitFor()
  }, 70_000)

  it('finds a board in the history by the end of its device ID', async () => {
    await page.keyboard.press('F3')
    const rows = page.getByRole('row')
    await expect.poll(() => rows.count()).toBeGreaterThan(8)
    await shoot('history')
    expect(await barriers()).toEqual([])
    const id = /[0-9a-f]{24}/.exec((await rows.nth(1).innerText()).replaceAll(/\s/g, ' '))?.[0] ?? ''
    expect(id).toHaveLength(24)
    await focusByTab(page, 'Search')
    await page.keyboard.type(id.slice(-6), { delay: 60 })
    await expect.poll(() => rows.count()).toBe(2)
    expect((await rows.nth(1).innerText()).replaceAll(/\s/g, ' ')).toContain(id)
  })

  it('exports what it shows as CSV', async () => {
    await focusByTab(page, 'Export CSV')
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    expect(download.suggestedFilename()).toBe('dfu-station-records.csv')
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('pass')
  })

  it('makes a recipe that only identifies, and the boards that come are identified, not flashed', async () => {
    await page.keyboard.press('F4')
    await page.getByRole('button', { name: 'New recipe' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Who is here')
    await page.getByLabel('What is done').selectOption('identify')
    for (const platform of ['boron', 'photon', 'p2'])
      await page.getByRole('checkbox', { name: platform, exact: true }).check()
    expect(await barriers()).toEqual([])
    await page.getByRole('button', { name: 'Save recipe' }).click()
    await page.getByRole('button', { name: /^Who is here/ }).click()
    await page.getByRole('button', { name: 'Use this recipe' }).click()
    await page.getByRole('banner').getByText('Who is here').waitFor()
    await page.keyboard.press('F2')
    await page.locator('[data-slot]').getByText('IDENTIFIED').first().waitFor({ timeout: 60_000 })
    await shoot('identified')
    expect(await barriers()).toEqual([])
  }, 90_000)

  it('exports that recipe as a signed pack, and shows who signed it before it is taken', async () => {
    await page.keyboard.press('F4')
    await page.getByRole('button', { name: /^Who is here/ }).click()
    await page.getByRole('button', { name: 'Export as pack …' }).click()
    const [pack] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ])
    expect(pack.suggestedFilename()).toBe('Who is here.dfupack')
    await page.getByRole('tab', { name: 'Recipe packs' }).click()
    await page.locator('input[accept=".dfupack"]').setInputFiles(await pack.path())
    const dialog = page.getByRole('dialog', { name: 'Pack Who is here' })
    await dialog.getByText('SIGNED BY A KEY THAT IS NOT TRUSTED').waitFor()
    await shoot('pack')
    expect(await barriers()).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it.runIf(process.platform === 'linux')('has sockets on the loopback address only, and calls nobody', () => {
    const sockets = openSockets(demo.process.pid ?? 0)
    const port = new URL(demo.url).port
    expect(sockets).toContainEqual({ kind: 'tcp', local: `127.0.0.1:${port}`, remote: '0.0.0.0:0' })
    for (const socket of sockets) {
      expect(socket).toMatchObject({ kind: 'tcp', local: `127.0.0.1:${port}` })
      expect(socket.remote).toMatch(/^(127\.0\.0\.1:\d+|0\.0\.0\.0:0)$/)
    }
  })

  it('has nothing to complain of in the browser', () => {
    expect(complaints).toEqual([])
  })

  it('ends when it is told to, with every record closed', async () => {
    expect(await demo.stop()).toBe(0)
    await expect
      .poll(() => page.locator('body').innerText(), { timeout: 10_000 })
      .toMatch(/cannot be reached|not connected|lost|connection/i)
    await shoot('lost')
  })
})

async function slotsInState(page: Page, state: string): Promise<number[]> {
  return page
    .locator(`[data-slot][data-state="${state}"]`)
    .evaluateAll((tiles) => tiles.map((tile) => Number(tile.getAttribute('data-slot'))))
}

/** Tab until the focus is on what has this name, as a person without a mouse would. */
async function focusByTab(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    const label = await page.evaluate(() => {
      const element = document.activeElement
      const labelled = element instanceof HTMLInputElement ? (element.labels?.[0]?.textContent ?? '') : ''
      return `${element?.getAttribute('aria-label') ?? ''} ${labelled} ${element?.textContent ?? ''}`
    })
    if (label.includes(name)) return
  }
  throw new Error(`the Tab key does not reach "${name}"`)
}
