// Translates a GetModuleInfo reply into the station's words. Device OS 5.6.0 and later fill a new list, with hashes and
// the checks that were made; older ones an old list with another numbering of kinds. Pure.
import { parseSha256 } from '../../../shared/model/ids.ts'
import type { CheckResult, ModuleDependency, ModuleKind, ReportedModule } from '../../../shared/model/module.ts'

/** Fields of cloud.FirmwareModule that the station uses; absent fields read as zero (proto3). */
export interface NewModule {
  readonly type?: number | null
  readonly index?: number | null
  readonly version?: number | null
  readonly store?: number | null
  readonly checkedFlags?: number | null
  readonly passedFlags?: number | null
  readonly hash?: Uint8Array | null
  readonly size?: number | null
  readonly dependencies?: readonly NewDependency[] | null
}

interface NewDependency {
  readonly type?: number | null
  readonly index?: number | null
  readonly version?: number | null
}

/** Fields of the old GetModuleInfoReply.Module. */
export interface OldModule {
  readonly type?: number | null
  readonly index?: number | null
  readonly version?: number | null
  readonly size?: number | null
  readonly validity?: number | null
  readonly dependencies?: readonly NewDependency[] | null
}

/** Numbers are the functions of the module header. */
const newKinds: Readonly<Record<number, ModuleKind>> = {
  2: 'bootloader',
  3: 'mono',
  4: 'system',
  5: 'user',
  7: 'ncp',
  8: 'radio',
  9: 'asset',
}
const oldKinds: Readonly<Record<number, ModuleKind>> = {
  1: 'bootloader',
  2: 'system',
  3: 'user',
  4: 'mono',
  5: 'ncp',
  6: 'radio',
}
const stores = ['main', 'factory', 'backup', 'scratchpad'] as const
const checks = { integrity: 0x02, dependencies: 0x04, range: 0x08, platform: 0x10 } as const
const oldFailures = { integrity: 0x01, dependencies: 0x02 } as const

/** Modules of kinds the station does not speak of (resources, settings) are left out. */
export function reportedModules(fresh: readonly NewModule[], old: readonly OldModule[]): readonly ReportedModule[] {
  const all = fresh.length > 0 ? fresh.map(fromNew) : old.map(fromOld)
  return all.filter((module) => module !== null)
}

function fromNew(module: NewModule): ReportedModule | null {
  const kind = newKinds[module.type ?? 0]
  const store = stores[module.store ?? 0]
  if (!kind || !store) return null
  const check = (flag: number): CheckResult => {
    if (((module.checkedFlags ?? 0) & flag) === 0) return 'unchecked'
    return ((module.passedFlags ?? 0) & flag) === 0 ? 'failed' : 'passed'
  }
  return {
    kind,
    index: module.index ?? 0,
    version: module.version ?? 0,
    sizeBytes: module.size ?? 0,
    store,
    integrity: check(checks.integrity),
    dependenciesMet: check(checks.dependencies),
    range: check(checks.range),
    platform: check(checks.platform),
    suffixSha256: module.hash?.length ? parseSha256(Buffer.from(module.hash).toString('hex')) : null,
    dependencies: dependenciesOf(module.dependencies, newKinds),
  }
}

/** The old list names failures only, of two checks that were always made, and the main store only. */
function fromOld(module: OldModule): ReportedModule | null {
  const kind = oldKinds[module.type ?? 0]
  if (!kind) return null
  const check = (flag: number): CheckResult => (((module.validity ?? 0) & flag) === 0 ? 'passed' : 'failed')
  return {
    kind,
    index: module.index ?? 0,
    version: module.version ?? 0,
    sizeBytes: module.size ?? 0,
    store: 'main',
    integrity: check(oldFailures.integrity),
    dependenciesMet: check(oldFailures.dependencies),
    range: 'unchecked',
    platform: 'unchecked',
    suffixSha256: null,
    dependencies: dependenciesOf(module.dependencies, oldKinds),
  }
}

/** Those on kinds that the station does not speak of are left out. */
function dependenciesOf(
  list: readonly NewDependency[] | null | undefined,
  kinds: Readonly<Record<number, ModuleKind>>,
): readonly ModuleDependency[] {
  return (list ?? []).flatMap(({ type, index, version }) => {
    const kind = kinds[type ?? 0]
    return kind ? [{ kind, index: index ?? 0, version: version ?? 0 }] : []
  })
}
