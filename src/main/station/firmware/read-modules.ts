// Reads the module files of a group, each checked by itself, and beside every packed one what it stands for: the
// original of a compressed file, the two modules of a combined one. Those are what a job writes over DFU.
import { baseOf, type FileTree, type TreeFile } from './file-tree.ts'
import type { ModuleFacts } from './module-facts.ts'
import { inspectModule } from './parse-module.ts'
import { atLayer, Refusal, type RefusalLayer } from './refusal.ts'
import { unpackModule } from './unpack-module.ts'

export interface ReadModule {
  readonly path: string
  readonly facts: ModuleFacts
  readonly bytes: Uint8Array
  /** False for what came out of a packed file beside it. */
  readonly isFile: boolean
}

export interface ReadContext {
  readonly tree: Pick<FileTree, 'kind' | 'name'>
  /** The container, or the folder, as the user knows it. */
  readonly source: string
  readonly onFile: (name: string) => void
}

/** Modules that do not parse are all collected; a container that cannot be read throws its Refusal. */
export async function readModules(files: readonly TreeFile[], context: ReadContext) {
  const parts: ReadModule[] = []
  const refusals: Refusal[] = []
  for (const file of files) {
    const name = nameOf(file.path, context)
    context.onFile(name)
    try {
      const bytes = await file.read()
      parts.push({ path: file.path, facts: inspectModule(bytes, { source: name }), bytes, isFile: true })
    } catch (thrown) {
      // A broken archive is the end of it; a broken module is told together with the others.
      if (!(thrown instanceof Refusal) || thrown.layer !== 'parse') throw thrown
      refusals.push(atLayer(thrown, moduleLayers[context.tree.kind]))
    }
  }
  return { parts: withUnpacked(parts), refusals }
}

/** A bad module inside a container is the fault of what contains it. */
const moduleLayers: Readonly<Record<FileTree['kind'], RefusalLayer>> = { folder: 'parse', zip: 'set', hex: 'hex' }

/** A single file is its own source; in a container its name comes first, in a folder the path is joined. */
function nameOf(path: string, { tree, source }: ReadContext): string {
  if (path === source) return source
  return tree.kind === 'folder' ? `${source}/${baseOf(path)}` : `${source}: ${baseOf(path)}`
}

/** Each file once: an original that lies beside its packed form is already there. */
function withUnpacked(parts: readonly ReadModule[]): readonly ReadModule[] {
  const known = new Set(parts.map(({ facts }) => facts.module.sha256))
  const unpacked: ReadModule[] = []
  for (const { path, facts, bytes } of parts) {
    for (const inner of unpackModule(bytes, facts)) {
      if (known.has(inner.facts.module.sha256)) continue
      known.add(inner.facts.module.sha256)
      unpacked.push({ path, ...inner, isFile: false })
    }
  }
  return [...parts, ...unpacked]
}
