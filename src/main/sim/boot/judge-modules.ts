// Judges the modules of a board as Device OS does at its start: are the dependencies in the headers met by what is
// installed and intact?
import type { Installed, InstalledModule } from './installed-modules.ts'
import { moduleFunctions } from './memory-map.ts'
import type { Dependency } from './read-module.ts'

/** Version of an installed, intact module; null when there is none. */
export function installedVersion(
  installed: Installed,
  key: { readonly function: number; readonly index: number },
): number | null {
  if (key.function === moduleFunctions.radio) return installed.softDevice?.firmwareId ?? null
  if (key.function === moduleFunctions.ncp) return installed.ncpVersion
  const found = installed.modules.find((module) => module.function === key.function && module.index === key.index)
  return found?.isIntact ? found.version : null
}

export function areMet(installed: Installed, dependencies: readonly Dependency[]): boolean {
  return dependencies.every((wanted) => (installedVersion(installed, wanted) ?? -1) >= wanted.version)
}

export function modulesOf(installed: Installed, wantedFunction: number): readonly InstalledModule[] {
  return installed.modules.filter((module) => module.function === wantedFunction)
}
