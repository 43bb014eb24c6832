// Runs an import unit by unit: opens, builds every set in memory, then stores. What is refused is collected and never
// stops the other units; only an abort or a library that cannot be written ends the import.
import { type BuiltSet, buildSet } from './build-set.ts'
import type { Discovery, ImportUnit, OpenedUnit } from './discover.ts'
import type { ImportedSet, ImportOptions, ImportReport } from './library-model.ts'
import { Refusal } from './refusal.ts'

interface Running {
  readonly imported: ImportedSet[]
  readonly refused: Refusal[]
  readonly store: (built: BuiltSet) => Promise<ImportedSet>
  readonly accept: ImportOptions['accept'] | undefined
  readonly signal: AbortSignal
  /** Files seen of the running unit. */
  readonly onFile: (name: string) => void
}

export async function runImport(
  discovery: Discovery,
  store: Running['store'],
  options: ImportOptions & { readonly signal: AbortSignal },
): Promise<ImportReport> {
  const total = discovery.units.reduce((sum, unit) => sum + unit.fileCount, 0)
  const imported: ImportedSet[] = []
  const refused = [...discovery.refused]
  let done = 0
  for (const unit of discovery.units) {
    let seen = 0
    const onFile = (file: string): void => {
      options.onProgress?.({ file, done: done + Math.min(seen, unit.fileCount - 1), total })
      seen += 1
    }
    await runUnit(unit, { imported, refused, store, accept: options.accept, signal: options.signal, onFile })
    done += unit.fileCount
    options.onProgress?.({ file: unit.name, done, total })
  }
  return { imported, refused }
}

async function runUnit(unit: ImportUnit, running: Running): Promise<void> {
  const { built, refused } = await buildUnit(unit, running)
  if (refused.length > 0 && unit.otherwise.length > 0) {
    for (const single of unit.otherwise) await runUnit(single, running)
    return
  }
  running.refused.push(...refused)
  for (const set of built) running.imported.push(await running.store(set))
}

/** Nothing of a unit is stored before all of it was read: a broken archive leaves none of its sets behind. */
async function buildUnit(unit: ImportUnit, running: Running) {
  const refused: Refusal[] = []
  const built: BuiltSet[] = []
  try {
    const opened = await unit.open()
    for (const group of opened.groups) await buildGroup({ opened, group }, { refused, built, running })
    return { built, refused }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { built: [], refused: [thrown] }
  }
}

async function buildGroup(
  from: { readonly opened: OpenedUnit; readonly group: OpenedUnit['groups'][number] },
  into: { readonly refused: Refusal[]; readonly built: BuiltSet[]; readonly running: Running },
): Promise<void> {
  const { signal, onFile } = into.running
  signal.throwIfAborted()
  try {
    const made = await buildSet(from.group, { ...from.opened, onFile })
    if ('set' in made) {
      into.running.accept?.(made.set)
      into.built.push(made)
    } else into.refused.push(...made)
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.layer === 'zip') throw thrown
    into.refused.push(thrown)
  }
}
