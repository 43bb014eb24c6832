// The screens in a real Chromium, under the page policy of the doors: what a person must read from two metres, what a
// glove must hit, what must never be cut off, and what axe finds. Skipped where there is no Chromium; required in CI.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentPolicy } from '../../src/main/page/page-policy.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const isSkipped = executablePath === undefined && process.env['CI'] !== 'true'
const pictures = process.env['STATION_PICTURES']
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

const sizes = { big: { width: 1920, height: 1080 }, small: { width: 1366, height: 768 } } as const
/** 15 mm at 96 dots an inch, rounded down. */
const glovePixels = 56

let folder = ''
let server: Server
let browser: Browser
let address = ''

beforeAll(async () => {
  if (isSkipped) return
  folder = mkdtempSync(join(tmpdir(), 'stage-'))
  const root = fileURLToPath(new URL('./stage/', import.meta.url))
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: folder, emptyOutDir: true },
  })
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://stage').pathname
    const file = join(folder, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) return response.writeHead(204).end()
    response.setHeader('content-security-policy', contentPolicy)
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    return response.end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
}, 90_000)

afterAll(async () => {
  if (isSkipped) return
  await browser.close()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

interface Visit {
  /** What a person does by mouse or finger after the keys. */
  readonly act?: (page: Page) => Promise<void>
  readonly size?: keyof typeof sizes
  /** Keys to press, one after the other. */
  readonly keys?: readonly string[]
}

/** Opens a scene and gives the page to `look`; anything the browser complains of is a failure. */
async function visit(
  query: string,
  { size = 'small', keys = [], act }: Visit,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: sizes[size] })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${address}?${query}`)
  await page.locator('main').waitFor()
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.waitForTimeout(120)
  }
  if (act !== undefined) {
    await act(page)
    await page.waitForTimeout(120)
  }
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `${query.replaceAll(/\W+/g, '-')}-${keys.join('')}-${size}.png`) })
  }
  await look(page)
  await context.close()
  expect(complaints).toEqual([])
}

/** Elements whose text is wider or higher than the element shows. */
function cutOff(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (elements) =>
    elements
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth + 1 ||
          element.getBoundingClientRect().right >
            (element.closest('[data-slot]')?.getBoundingClientRect().right ?? Number.POSITIVE_INFINITY),
      )
      .map((element) => element.textContent),
  )
}

/** Elements that a tile shows only in part, or not at all. */
function covered(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (elements) =>
    elements
      .filter((element) => {
        const frame = element.closest('[class*="_news_"], [class*="_face_"]')?.getBoundingClientRect()
        const { top, bottom, height } = element.getBoundingClientRect()
        return frame === undefined || height === 0 || top < frame.top - 1 || bottom > frame.bottom + 1
      })
      .map((element) => element.textContent),
  )
}

/** Tiles in which two of the parts lie over each other. */
function overlapping(page: Page, one: string, other: string): Promise<string[]> {
  return page.$$eval(
    '[data-slot]',
    (tiles, parts) => {
      const boxOf = (tile: Element, name: string) =>
        tile.querySelector(`[class*="_${name}_"]`)?.getBoundingClientRect() ?? new DOMRect()
      return tiles
        .filter((tile) => {
          const [a, b] = parts.map((name) => boxOf(tile, name)) as [DOMRect, DOMRect]
          return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        })
        .map((tile) => tile.textContent)
    },
    [one, other],
  )
}

function fontSizes(page: Page, selector: string): Promise<number[]> {
  return page.$$eval(selector, (elements) =>
    elements.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
  )
}

/** Buttons that are less than 15 mm high; those without a text are for screen readers alone. */
function lowButtons(page: Page): Promise<string[]> {
  return page.$$eval(
    'button',
    (buttons, least) =>
      buttons
        .filter(({ offsetHeight, textContent }) => textContent !== '' && offsetHeight < least)
        .map((button) => button.textContent),
    glovePixels,
  )
}

const part = (name: string) => `[data-slot] [class*="_${name}_"]`

describe.skipIf(isSkipped)('the bench in a browser', () => {
  it.each([
    [1, 'big'],
    [8, 'big'],
    [16, 'big'],
    [32, 'big'],
    [1, 'small'],
    [8, 'small'],
    [20, 'small'],
    [32, 'small'],
  ] as const)('with %i slots on the %s screen shows all of them, whole, without scrolling', async (slots, size) => {
    await visit(`scene=mixed&slots=${slots}`, { size }, async (page) => {
      const tiles = await page.$$eval('[data-slot]', (all) => all.map((tile) => tile.getBoundingClientRect().toJSON()))
      expect(tiles).toHaveLength(slots)
      const { width, height } = sizes[size]
      for (const tile of tiles) {
        expect(tile.right).toBeLessThanOrEqual(width)
        expect(tile.bottom).toBeLessThanOrEqual(height - glovePixels)
      }
      for (const name of ['number', 'word', 'hands', 'idTail', 'iccidTail'])
        expect(await cutOff(page, part(name))).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight)).toBe(true)
    })
  })

  it('of 8 slots on a full HD screen is readable from two metres', async () => {
    await visit('scene=mixed&slots=8', { size: 'big' }, async (page) => {
      for (const name of ['number', 'word'])
        expect(Math.min(...(await fontSizes(page, part(name))))).toBeGreaterThanOrEqual(60)
      const details = [...(await fontSizes(page, part('remedy'))), ...(await fontSizes(page, part('stepName')))]
      expect(Math.min(...details)).toBeGreaterThanOrEqual(21)
    })
  })

  it('still shows every slot and its verdict below all banners', async () => {
    await visit('scene=trouble&slots=16', {}, async (page) => {
      for (const name of ['number', 'word', 'hands']) expect(await cutOff(page, part(name))).toEqual([])
    })
  })

  it('keeps pass and fail apart without colour: glyph, word and outline', async () => {
    await visit('scene=mixed&slots=8', {}, async (page) => {
      const shape = (tone: string) =>
        page.$eval(`[data-tone="${tone}"]`, (tile) => ({
          glyph: tile.querySelector('[data-glyph]')?.getAttribute('data-glyph'),
          isNotched: getComputedStyle(tile).clipPath !== 'none',
        }))
      expect(await shape('pass')).toEqual({ glyph: 'check', isNotched: false })
      expect(await shape('fail')).toEqual({ glyph: 'octagon', isNotched: true })
    })
  })
})

const everyScreen: readonly (readonly [string, string, readonly string[]])[] = [
  ['bench', 'scene=mixed&slots=32', []],
  ['bench of a newcomer', 'scene=newcomer&slots=8', []],
  ['bench in trouble', 'scene=trouble&slots=16&lost', []],
  ['slot', 'scene=mixed&slots=8', ['4', 'Enter']],
  ['history', 'scene=mixed&slots=8', ['F3']],
  ['recipes', 'scene=mixed&slots=8', ['F4']],
  ['settings', 'scene=mixed&slots=8', ['F6']],
  ['help', 'scene=mixed&slots=8', ['F1']],
  ['question before a stop', 'scene=mixed&slots=8', ['x']],
  ['bench with a recipe nobody signed', 'scene=unsigned&slots=32', []],
  ['bench of one pack', 'scene=focus&slots=8', []],
  ['bench of every kind of verdict', 'scene=kinds', []],
  ['slot that differs', 'scene=kinds', ['4', 'Enter']],
  ['slot that was identified', 'scene=kinds', ['1', 'Enter']],
  ['boards that need a finger', 'scene=hands', []],
  ['slot that needs a finger', 'scene=hands', ['1', 'Enter']],
  ['slot of a module that needs a finger', 'scene=hands', ['3', 'Enter']],
  ['slot of a locked board', 'scene=hands', ['4', 'Enter']],
  ['bench of generic devices', 'scene=devices&slots=16', []],
  ['slot of a generic device that passed', 'scene=devices&slots=16', ['1', 'Enter']],
  ['slot that asks which one it is', 'scene=devices&slots=8', ['3', 'Enter']],
  ['slot of a generic device that failed', 'scene=devices&slots=8', ['6', 'Enter']],
  ['slot of a device on its word', 'scene=devices&slots=8', ['2', 'Enter']],
  ['history of generic devices', 'scene=devices&slots=8', ['F3']],
  ['slot of a device that needs a hand', 'scene=devices&slots=16', ['1', '0', 'Enter']],
]

async function openTab(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F4')
  await page.getByRole('tab', { name }).click()
}

async function choosePack(page: Page): Promise<void> {
  await openTab(page, 'Recipe packs')
  const pack = { name: 'line.dfupack', mimeType: 'application/octet-stream', buffer: Buffer.from('PK') }
  await page.locator('input[accept=".dfupack"]').setInputFiles(pack)
}

async function compose(page: Page): Promise<void> {
  await page.keyboard.press('F4')
  await page.getByRole('button', { name: 'New recipe' }).click()
}

/** Views that are reached by more than keys. */
const deeperViews: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['recipe composer', compose],
  [
    'recipe composer with every option',
    async (page) => {
      await compose(page)
      await page.getByRole('checkbox', { name: 'boron', exact: true }).click()
      await page.getByLabel('Device OS of boron').selectOption('2.3.1')
      await page.getByText('More options').click()
      await page.getByRole('button', { name: 'Add a field' }).click()
    },
  ],
  [
    'recipe composer of an identification',
    async (page) => {
      await compose(page)
      await page.getByLabel('What is done').selectOption('identify')
    },
  ],
  ['firmware library', (page) => openTab(page, 'Firmware library')],
  [
    'Intel HEX of a set',
    async (page) => {
      await openTab(page, 'Firmware library')
      await page.getByRole('button', { name: 'Export boron 4.0.2 as Intel HEX' }).click()
      await page.getByRole('button', { name: 'Export', exact: true }).click()
    },
  ],
  [
    'fetched firmware',
    async (page) => {
      await openTab(page, 'Firmware library')
      await page.getByLabel('Address', { exact: true }).fill('https://example.com/app.bin')
      await page.getByRole('button', { name: 'Fetch' }).click()
    },
  ],
  ['recipe packs', (page) => openTab(page, 'Recipe packs')],
  ['pack before it is taken', choosePack],
  [
    'trusting a key',
    async (page) => {
      await choosePack(page)
      await page.getByRole('button', { name: 'Trust this key …' }).click()
    },
  ],
  [
    'exporting a pack',
    async (page) => {
      await page.keyboard.press('F4')
      await page.getByRole('button', { name: 'Export as pack …' }).click()
    },
  ],
]

async function openRecord(page: Page): Promise<void> {
  await page.keyboard.press('F3')
  await page.getByRole('row').nth(1).click()
  await page.getByRole('heading', { name: /^Record of/ }).waitFor()
}

async function composeForDevices(page: Page): Promise<void> {
  await compose(page)
  await page.getByLabel('For', { exact: true }).selectOption('devices')
}

/** What a generic device needs of the screens. */
const deviceViews: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['record', openRecord],
  ['recipe', (page) => page.keyboard.press('F4')],
  [
    'images',
    async (page) => {
      await openTab(page, 'Device images')
      await page.locator('summary').nth(0).click()
      await page.locator('summary').nth(1).click()
    },
  ],
  [
    'images after an import',
    async (page) => {
      await openTab(page, 'Device images')
      const file = { name: 'application.elf', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }
      await page.locator('input[accept*=".dfu"]').setInputFiles(file)
      await page.getByText('1 file refused').waitFor()
    },
  ],
  ['recipe composer', composeForDevices],
  [
    'recipe composer with every option',
    async (page) => {
      await composeForDevices(page)
      await page.getByLabel('Image of device 1').selectOption({ index: 1 })
      await page.getByText('More options of device 1').click()
      await page.getByRole('checkbox', { name: /^ERASE THE WHOLE MEMORY/ }).check()
      await page.getByRole('button', { name: 'Add a device' }).click()
    },
  ],
]

async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(' ')}`)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(await lowButtons(page)).toEqual([])
}

describe.skipIf(isSkipped)('a bench of generic devices', () => {
  it.each([
    [1, 'big'],
    [4, 'big'],
    [8, 'big'],
    [16, 'big'],
    [32, 'big'],
    [8, 'small'],
    [16, 'small'],
    [32, 'small'],
  ] as const)('with %i slots on the %s screen cuts nothing that tells devices or proofs apart', async (slots, size) => {
    for (const banner of ['', '&lost'])
      await visit(`scene=devices&slots=${slots}${banner}`, { size }, async (page) => {
        expect(await overlapping(page, 'word', 'platform')).toEqual([])
        for (const name of ['number', 'word', 'hands', 'idTail', 'proof'])
          expect([name, await cutOff(page, part(name))]).toEqual([name, []])
        for (const name of ['proof', 'idTail', 'reason'])
          expect([name, await covered(page, part(name))]).toEqual([name, []])
        expect(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight)).toBe(true)
      })
  })
})

describe.skipIf(isSkipped)('every verdict', () => {
  it.each(['small', 'big'] as const)('of every kind of job is whole and large on the %s screen', async (size) => {
    for (const scene of ['kinds', 'hands']) {
      await visit(`scene=${scene}`, { size }, async (page) => {
        for (const name of ['number', 'word', 'hands']) expect(await cutOff(page, part(name))).toEqual([])
        if (size === 'big') expect(Math.min(...(await fontSizes(page, part('word'))))).toBeGreaterThanOrEqual(60)
      })
    }
  })
})

describe.skipIf(isSkipped)('every screen', () => {
  it.each(everyScreen)(
    '%s: axe finds nothing, the browser complains of nothing, nothing is too wide, a glove hits every button',
    async (_name, query, keys) => {
      await visit(query, { keys }, expectSound)
    },
  )

  it.each(deeperViews)('%s: the same, on both screens', async (_name, act) => {
    for (const size of ['small', 'big'] as const) await visit('scene=mixed&slots=8', { size, act }, expectSound)
  })

  it.each(deviceViews)('%s of generic devices: the same', async (name, act) => {
    for (const size of ['small', 'big'] as const)
      await visit(`scene=devices&slots=8&view=${name}`, { size, act }, expectSound)
  })

  it('of generic devices fits the history into the width of the small screen', async () => {
    await visit('scene=devices&slots=8', { keys: ['F3'] }, async (page) => {
      const room = await page.$eval('[class*="_records_"]', ({ scrollWidth, clientWidth }) => clientWidth - scrollWidth)
      expect(room).toBeGreaterThanOrEqual(0)
    })
  })
})
