// Which Electron the shell is tested on: the real binary where there is one, else a stand-in for machines that cannot
// have it (its folder beside the project or in STATION_ELECTRON_STANDIN), else none. The name of the test says which.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasDisplay } from '../../src/main/launch/choose-window.ts'
import { findBinary, findElectronPackage } from '../../src/main/launch/electron-package.ts'

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

export type ElectronUnderTest =
  | { readonly kind: 'real' | 'stand-in'; readonly binary: string; readonly title: string }
  | { readonly kind: 'none'; readonly title: string }

export function electronUnderTest(): ElectronUnderTest {
  const installed = findElectronPackage()
  const real = installed && findBinary(installed, undefined)
  if (real && hasDisplay(process.env, process.platform)) return { kind: 'real', binary: real, title: 'on Electron' }
  const folder = process.env['STATION_ELECTRON_STANDIN'] ?? join(projectFolder, '..', 'shared', 'electron-standin')
  const standIn = join(folder, 'electron')
  if (existsSync(standIn)) return { kind: 'stand-in', binary: standIn, title: 'on a stand-in, not on Electron' }
  return { kind: 'none', title: 'skipped: no Electron binary and no stand-in here' }
}
