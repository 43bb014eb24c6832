import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { linkScheme } from '../../src/main/shell/pack-word.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const require = createRequire(import.meta.url)
const builderFolder = dirname(
  createRequire(require.resolve('electron-builder')).resolve('app-builder-lib/package.json'),
)

interface Packaging {
  readonly [name: string]: unknown
  readonly electronFuses: Readonly<Record<string, boolean>>
}
let packaging: Packaging

beforeAll(async () => {
  const { load } = createRequire(join(builderFolder, 'package.json'))('js-yaml') as { load(text: string): unknown }
  packaging = load(readFileSync(join(project, 'electron-builder.yml'), 'utf8')) as Packaging
})

describe('the packages', () => {
  it('are described in words that electron-builder knows', () => {
    const { validateSchema } = require(join(builderFolder, 'out/util/config/schemaValidator.js')) as {
      validateSchema(schema: unknown, data: unknown): void
    }
    const schema: unknown = require(join(builderFolder, 'scheme.json'))
    expect(() => validateSchema(schema, structuredClone(packaging))).not.toThrow()
    expect(() => validateSchema(schema, { ...structuredClone(packaging), electronFuse: {} })).toThrow(/electronFuse/)
  })

  it('have the fuses of a station on a shop floor', () => {
    expect(packaging.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('rebuild nothing, publish nothing, and unpack the native modules', () => {
    expect(packaging).toMatchObject({ npmRebuild: false, publish: null, asarUnpack: ['**/*.node'] })
  })

  it('open recipe packs by file and by link', () => {
    expect(packaging).toMatchObject({
      fileAssociations: [{ ext: 'dfupack' }],
      protocols: [{ schemes: [linkScheme] }],
    })
  })

  it('name only files that are there', () => {
    const names = JSON.stringify(packaging).match(/resources\/[\w./-]+?(?=["=])/g) ?? []
    expect(names).toContain('resources/udev/50-dfu-station.rules')
    for (const name of names) expect([name, existsSync(join(project, name))]).toEqual([name, true])
  })
})

describe('the udev rule', () => {
  it('covers Particle boards in both modes, before the rules that give access to the seat', () => {
    const rule = readFileSync(join(project, 'resources/udev/50-dfu-station.rules'), 'utf8')
    expect(rule).toMatch(/ATTR\{idVendor\}=="2b04", ATTR\{idProduct\}=="\[cd\]0\?\?".*TAG\+="uaccess"/)
    expect(rule).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"')
  })
})
