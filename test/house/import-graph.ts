// Who imports whom, read from the sources themselves, so that the rules of the house hold through any number of files
// and not only for the first one. Works on any set of texts, so that it can be shown a planted violation.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Import {
  /** A path of the set ("src/main/desk/desk.ts") or the name of a package ("usb", "node:fs"). */
  readonly target: string
  /** Gone at run time. */
  readonly isTypeOnly: boolean
}

export type ImportGraph = ReadonlyMap<string, readonly Import[]>

/** Every .ts and .tsx file under a folder of the repository, by its path from the root. */
export function readSources(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /\.tsx?$/.test(name)).map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
  return new Map(files.sort().map((file) => [file, readFileSync(`${root}${file}`, 'utf8')]))
}

export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...sources].map(([file, text]) => [file, importsOf(file, text)]))
}

const statements = /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g

function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(/^\s*\/\/.*$/gm, '')
  const written = [...code.matchAll(statements)].map(([, type, target = '']) => ({
    target: resolved(file, target),
    isTypeOnly: type !== undefined,
  }))
  const asked = [...code.matchAll(dynamic)].map(([, target = '']) => ({
    target: resolved(file, target),
    isTypeOnly: false,
  }))
  return [...written, ...asked]
}

function resolved(file: string, target: string): string {
  return target.startsWith('.') ? posix.join(posix.dirname(file), target) : target
}

/**
 * The way from one of the files to something forbidden, file by file, or null. Types are followed too unless `atRunTime`
 * asks only for what would be loaded.
 */
export function pathTo(
  graph: ImportGraph,
  from: readonly string[],
  wanted: { readonly isForbidden: (target: string) => boolean; readonly atRunTime: boolean },
): readonly string[] | null {
  const cameFrom = new Map<string, string | null>(from.map((file) => [file, null]))
  const queue = [...from]
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const { target, isTypeOnly } of graph.get(file) ?? []) {
      if ((wanted.atRunTime && isTypeOnly) || cameFrom.has(target)) continue
      cameFrom.set(target, file)
      if (wanted.isForbidden(target)) return wayBack(cameFrom, target)
      queue.push(target)
    }
  }
  return null
}

function wayBack(cameFrom: ReadonlyMap<string, string | null>, end: string): readonly string[] {
  const way: string[] = []
  for (let at: string | null | undefined = end; at; at = cameFrom.get(at)) way.unshift(at)
  return way
}

/** Files of the graph under any of these folders, or the files themselves. */
export function filesIn(graph: ImportGraph, ...places: readonly string[]): readonly string[] {
  return [...graph.keys()].filter((file) => places.some((place) => isIn(file, place)))
}

export function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`)
}
