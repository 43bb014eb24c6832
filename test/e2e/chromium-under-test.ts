// The browser of the end-to-end tests: the one that STATION_CHROMIUM names, else the system's. Where CI says so it must
// be there; elsewhere its absence is a visible skip.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const executablePath = process.env['STATION_CHROMIUM'] ?? '/usr/bin/chromium'

const hasChromium = existsSync(executablePath)
export const chromiumTitle = hasChromium ? 'in Chromium' : `skipped: no Chromium at ${executablePath}`
export const skipsChromium = !hasChromium && process.env['CI'] !== 'true'

export function launchChromium() {
  // Chromium's own sandbox refuses to run as root, as it does in a container.
  const isRoot = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] })
}
