// Decides whether there can be a desktop window here: a display, Electron's binary, or the binary fetched in time. Where
// there is none, the reason is one line that a person can act on.
import type { Clock } from '../station/ports.ts'
import { findBinary, findElectronPackage } from './electron-package.ts'
import { fetchElectron } from './fetch-electron.ts'

export type WindowChoice =
  | { readonly kind: 'desktop'; readonly binary: string }
  | { readonly kind: 'browser'; readonly reason: string }

const fetchWithinMs = 8_000

export interface ChooseWindowOptions {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly clock: Clock
}

export async function chooseWindow({ env, platform, clock }: ChooseWindowOptions): Promise<WindowChoice> {
  const overrideFolder = env['ELECTRON_OVERRIDE_DIST_PATH']
  if (!overrideFolder && !hasDisplay(env, platform)) return browser('this computer has no display')
  const from = findElectronPackage()
  if (!from) return browser('the package "electron" is not installed')
  const binary = findBinary(from, overrideFolder)
  if (binary !== null) return { kind: 'desktop', binary }
  if (overrideFolder) return browser(`there is no Electron in ${overrideFolder}`)
  const timeoutMs = fetchWithin(env)
  const failure = timeoutMs === 0 ? 'fetching is switched off' : await fetchElectron(from, timeoutMs, clock)
  const fetched = failure === null ? findBinary(from, undefined) : null
  return fetched === null
    ? browser(`Electron's binary is not here and could not be fetched (${failure ?? 'it is not where it should be'})`)
    : { kind: 'desktop', binary: fetched }
}

/** STATION_ELECTRON_FETCH_MS: how long to try; 0 not at all. */
function fetchWithin(env: NodeJS.ProcessEnv): number {
  const given = Number(env['STATION_ELECTRON_FETCH_MS'] ?? fetchWithinMs)
  return Number.isFinite(given) && given >= 0 ? given : fetchWithinMs
}

/** Only Linux runs without one as a matter of course. */
export function hasDisplay(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

function browser(reason: string): WindowChoice {
  return { kind: 'browser', reason }
}
