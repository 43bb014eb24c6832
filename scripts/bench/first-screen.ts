// "npm start", built, as a person runs it without a desktop window, until the first slot can be seen in a browser that
// was open already.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { ensureBuilt } from '../../src/main/launch/ensure-built.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'

export interface FirstScreen {
  /** From the command to the line with the address. */
  readonly addressMs: number
  /** From the command to the first slot on the screen. */
  readonly slotMs: number
}

const executablePath = process.env['STATION_CHROMIUM'] ?? '/usr/bin/chromium'
const projectFolder = fileURLToPath(new URL('../../', import.meta.url))
const longestMs = 60_000

/** Null when there is a browser. */
export function whyNoBrowser(): string | null {
  return existsSync(executablePath) ? null : `no Chromium at ${executablePath} (STATION_CHROMIUM names it)`
}

export async function measureFirstScreens(repetitions: number): Promise<readonly FirstScreen[]> {
  await ensureBuilt({ projectFolder, clock: systemClock, onBuilding: () => undefined })
  const isRoot = process.getuid?.() === 0
  // Chromium's own sandbox refuses to run as root, as it does in a container.
  const browser = await chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] })
  try {
    const screens: FirstScreen[] = []
    for (let n = 0; n < repetitions; n += 1) screens.push(await startOnce(browser))
    return screens
  } finally {
    await browser.close()
  }
}

async function startOnce(browser: Browser): Promise<FirstScreen> {
  const data = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  const context = await browser.newContext()
  const page = await context.newPage()
  const startedMs = performance.now()
  const words = ['start', '--', '--web', '--no-browser', '--sim', 'photon:8', '--data', data]
  const child = spawn('npm', words, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  try {
    const address = await addressOf(child.stdout)
    const addressMs = performance.now() - startedMs
    await page.goto(address)
    await page.locator('[data-slot="1"]').waitFor({ timeout: longestMs })
    return { addressMs, slotMs: performance.now() - startedMs }
  } finally {
    await context.close()
    // The whole group that was started here: npm, the launcher, the station.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(line)?.[0]
    if (address !== undefined) return address
  }
  throw new Error('"npm start" named no address')
}
