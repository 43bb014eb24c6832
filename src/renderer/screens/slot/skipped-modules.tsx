// Modules that the plan leaves alone, each with its reason.
import { moduleName } from '../../../shared/model/module.ts'
import type { SkippedModule } from '../../../shared/model/plan.ts'
import { Facts } from '../../ui/facts.tsx'

export function SkippedModules({ skipped }: { readonly skipped: readonly SkippedModule[] }) {
  return (
    <Facts
      rows={skipped.map(({ module, reason }) => ({
        name: module.version === null ? moduleName(module) : `${moduleName(module)} v${module.version}`,
        value: reason,
      }))}
    />
  )
}
