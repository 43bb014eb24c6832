// What a complete Device OS set of a platform holds: the modules every board of it needs, and whatever those depend
// on. An incomplete set is no fault; it says what it lacks, and a job that needs it does not start.
import { moduleName, sameModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { MissingModule } from './library-model.ts'
import type { BoardModule } from './module-facts.ts'

export function missingModules(
  platform: PlatformName | null,
  modules: readonly BoardModule[],
): readonly MissingModule[] {
  if (platform === null) return []
  // Monolithic firmware is Device OS and application in one.
  if (modules.some((module) => module.kind === 'mono')) return []
  const needed = platformOf(platform).deviceOsModules.map(
    (key): MissingModule => ({ ...key, version: null, wantedBy: 'complete Device OS set' }),
  )
  const dependedOn = modules
    .filter((module) => module.kind !== 'user')
    .flatMap((module) => module.dependencies.map((wanted) => ({ ...wanted, wantedBy: moduleName(module) })))
  const lacking: MissingModule[] = []
  for (const wanted of [...dependedOn, ...needed]) {
    const isKnown = [...modules, ...lacking].some((module) => sameModule(module, wanted))
    if (!isKnown) lacking.push(wanted)
  }
  return lacking
}
