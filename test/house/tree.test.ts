// The tree itself: sizes, folders and their READMEs, what may be tracked, and what the product depends on.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSources, root } from './import-graph.ts'

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)))

const binary = /\.(png|ico|icns|woff2?|wav)$/
const texts = tracked.filter((path) => !binary.test(path))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}

function foldersUnder(path: string): readonly string[] {
  const inside = readdirSync(join(root, path), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [path, ...inside.flatMap(({ name }) => foldersUnder(`${path}/${name}`))]
}

describe('sizes', () => {
  it('of the source files are small: none over 300 lines, most far below', () => {
    const sizes = [...readSources('src')].map(([path, text]) => ({ path, lines: linesOf(text) }))
    sizes.sort((a, b) => a.lines - b.lines)
    const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)]?.lines ?? 0
    const largest = sizes.at(-1)
    console.info(
      `${sizes.length} source files: median ${at(0.5)}, 90th percentile ${at(0.9)}, largest ${largest?.lines}`,
    )
    expect(sizes.filter(({ lines }) => lines > 300)).toEqual([])
    expect(at(0.5)).toBeLessThanOrEqual(90)
    expect(at(0.9)).toBeLessThanOrEqual(160)
  })

  it('of the comments that open a file are one to four sentences', () => {
    const silent = [...readSources('src')].flatMap(([path, text]) => {
      const opening = /^(?:#!.*\n)?((?:\/\/.*\n)+)/.exec(text)?.[1] ?? ''
      return linesOf(opening) < 1 || opening === '' || linesOf(opening) > 6 ? [path] : []
    })
    expect(silent).toEqual([])
  })
})

describe('folders', () => {
  it('of src say what they are for, in fifteen lines at most', () => {
    const silent = foldersUnder('src').flatMap((folder) => {
      const readme = join(folder, 'README.md')
      if (!hasCode(folder)) return []
      if (!existsSync(join(root, readme))) return isPart(folder) ? [`${readme} is missing`] : []
      return linesOf(read(readme)) > 15 ? [`${readme} is too long`] : []
    })
    expect(silent).toEqual([])
  })

  it('have names of the line, not of a cupboard', () => {
    const cupboards = /(^|\/)(utils?|helpers?|common|misc|services?|managers?|lib)(\/|\.|$)/
    expect(tracked.filter((path) => /^(src|test|scripts)\//.test(path) && cupboards.test(path))).toEqual([])
  })

  it('hold no barrel', () => {
    expect(tracked.filter((path) => /^src\/.*\/index\.tsx?$/.test(path))).toEqual([])
  })
})

/** A folder that holds sources of its own, not only other folders. */
function hasCode(folder: string): boolean {
  return readdirSync(join(root, folder)).some((name) => /\.tsx?$/.test(name))
}

/** Folders inside of a part (one per screen, the steps of a job) are told by the README above them. */
function isPart(folder: string): boolean {
  const inside = ['jobs/steps', 'headless/commands', 'audit/migrations', 'shell/guards']
  return !folder.startsWith('src/renderer/screens/') && !inside.some((name) => folder.endsWith(name))
}

describe('what is tracked', () => {
  it('is no firmware of anybody', () => {
    expect(tracked.filter((path) => /\.(bin|hex|zip|dfu|elf|uf2)$/i.test(path))).toEqual([])
    const large = tracked.filter((path) => readFileSync(join(root, path)).length > 512 * 1024)
    expect(large).toEqual([])
  })

  it('names no machine of ours: no absolute home or work path', () => {
    const machine = /(^|[\s"'`(=:])\/(work|root|builds)\/[A-Za-z0-9._-]+/m
    const home = /(^|[\s"'`(=:])\/(home|Users)\/[A-Za-z0-9._-]+/m
    // A test may make a home up.
    const isBad = (path: string) => machine.test(read(path)) || (!path.startsWith('test/') && home.test(read(path)))
    expect(texts.filter((path) => !path.startsWith('test/house/') && isBad(path))).toEqual([])
  })

  it('names no registry, the lockfile included', () => {
    const registry = /https?:\/\/[^\s"'`)]*(registry|npmjs|npmmirror|artifactory|verdaccio|nexus)[^\s"'`)]*/i
    const named = texts.filter((path) => !path.startsWith('test/house/') && registry.test(read(path)))
    expect(named).toEqual([])
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"(?!file:)/)
  })

  it('leads nowhere that is not: every link of a document to a file of ours', () => {
    const broken = tracked
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
          .map(([, target = '']) => target)
          .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, path, '..', target)))
          .map((target) => `${path}: ${target}`),
      )
    expect(broken).toEqual([])
  })

  it('is under the licence that it says', () => {
    expect(manifest.license).toBe('Apache-2.0')
    expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0/)
    expect(tracked).toContain('NOTICE')
  })

  it('has no secret in it', () => {
    const secret =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{30,}|\bnpm_[A-Za-z0-9]{30,}|\bAKIA[0-9A-Z]{16}\b/
    expect(texts.filter((path) => secret.test(read(path)))).toEqual([])
  })
})

interface Manifest {
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      Manifest & {
        readonly version?: string
        readonly integrity?: string
        readonly dev?: boolean
        readonly devOptional?: boolean
      }
    >
  >
}

const manifest = JSON.parse(read('package.json')) as Manifest
const lockfile = JSON.parse(read('package-lock.json')) as Lockfile

describe('dependencies', () => {
  it('are pinned to one version each', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies }
    expect(Object.entries(wanted).filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([])
    const locked = Object.entries(wanted).filter(([name, range]) => {
      return lockfile.packages[`node_modules/${name}`]?.version !== range
    })
    expect(locked).toEqual([])
  })

  it('of the product are licensed so that it may be given away', () => {
    const shipped = Object.entries(lockfile.packages).filter(
      ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
    )
    expect(shipped.length).toBeGreaterThan(10)
    const bad = shipped.flatMap(([path, entry]) => {
      const licence = licenceOf(path) ?? entry.license ?? 'none'
      return isPermissive(licence) ? [] : [`${path}: ${licence}`]
    })
    expect(bad).toEqual([])
  })
})

/** Packages of other people's clients: they test the simulated boards, and one of them may not be given away. */
const testOnly = ['particle-usb', '@particle/device-constants']

describe('what only the tests need', () => {
  it('is reached from no dependency of the product', () => {
    const reached = reachedFrom(Object.keys(manifest.dependencies ?? {}))
    expect(reached).toEqual(expect.arrayContaining(['usb', '@particle/device-os-protobuf', 'protobufjs']))
    expect(testOnly.filter((name) => reached.includes(name))).toEqual([])
    expect(Object.keys(manifest.devDependencies ?? {})).toEqual(expect.arrayContaining(testOnly))
  })

  it('is named nowhere in the sources, so that nothing bundles it', () => {
    const naming = [...readSources('src')].filter(([, text]) => testOnly.some((name) => text.includes(name)))
    expect(naming.map(([path]) => path)).toEqual([])
  })

  it('is packed by no rule of the packager, which adds dependencies of the product to what it is told', () => {
    const packager = read('electron-builder.yml')
    const files = /^files:\n((?: {2}- .*\n)+)/m.exec(packager)?.[1] ?? ''
    const resources = /^extraResources:\n((?: {2,}.*\n)+)/m.exec(packager)?.[1] ?? ''
    const packed = [...`${files}${resources}`.matchAll(/- (?:from: )?'?([^'\n]+)/g)].map(([, path = '']) => path)
    expect(packed).toEqual(expect.arrayContaining(['out/**', 'resources/udev']))
    expect(packed.filter((path) => /node_modules|particle|^(\.\/)?\*\*/.test(path))).toEqual([])
  })
})

/** Names of all packages that npm installs for these, peers and optional ones included. */
function reachedFrom(names: readonly string[]): readonly string[] {
  const reached = new Set<string>()
  const visit = (name: string, from: string): void => {
    const path = installedAt(name, from)
    if (path === null || reached.has(path)) return
    reached.add(path)
    const { dependencies, optionalDependencies, peerDependencies } = lockfile.packages[path] ?? {}
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) visit(next, path)
  }
  for (const name of names) visit(name, '')
  return [...reached].map((path) => path.replace(/^.*node_modules\//, ''))
}

/** The folder Node finds the package in, from that package's folder upwards; null when it is not installed. */
function installedAt(name: string, from: string): string | null {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (path in lockfile.packages) return path
    if (folder === '') return null
  }
}

function licenceOf(path: string): string | null {
  const file = join(root, path, 'package.json')
  if (!existsSync(file)) return null
  const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: string | { type?: string } }
  return typeof license === 'object' ? (license.type ?? null) : (license ?? null)
}

const permissive =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|BSD|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Zlib|Python-2\.0|WTFPL)$/

/** Of a choice one permissive licence is enough; of several together every one must be. */
function isPermissive(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/\s+OR\s+/i)
  return choices.some((choice) => choice.split(/\s+AND\s+/i).every((each) => permissive.test(each.trim())))
}

describe('the licence check', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['(MIT AND Zlib)', true],
    ['GPL-3.0', false],
    ['AGPL-3.0-only', false],
    ['UNLICENSED', false],
    ['(MIT AND GPL-3.0)', false],
    ['none', false],
  ])('of %s says %s', (expression, answer) => {
    expect(isPermissive(expression)).toBe(answer)
  })
})
