// The platforms page of the docs, written from the platform rows that the station works by: which module of which
// platform goes which way, and on which boards that was shown. So the page cannot say anything else than the code does.

import type { ModuleBounds, Platform } from '../src/main/station/platforms/platform-facts.ts'
import { otherPlatformNames, platformOf } from '../src/main/station/platforms/platforms.ts'
import type { ModuleKind } from '../src/shared/model/module.ts'
import { type PlatformName, platformIds, platformNames } from '../src/shared/model/platform.ts'
import { fullRestores } from '../test/scenarios/full-restores.ts'

interface Column {
  readonly title: string
  way(platform: Platform): string
}

const none = '-'
const byRequest = 'request'

const columns: readonly Column[] = [
  { title: 'Bootloader', way: bootloaderWay },
  { title: 'Prebootloader', way: (platform) => wayOf(platform, 'bootloader', 2) },
  { title: 'System parts', way: systemWay },
  { title: 'SoftDevice', way: (platform) => wayOf(platform, 'radio', 0) },
  { title: 'NCP', way: (platform) => wayOf(platform, 'ncp', 0) },
  { title: 'User 128 KB', way: (platform) => userWay(platform, 128) },
  { title: 'User larger', way: (platform) => userWay(platform, 256) },
  { title: 'Factory image', way: factoryWay },
  { title: 'Assets', way: ({ maxAssetBytes }) => (maxAssetBytes === null ? none : byRequest) },
  { title: 'Set-up flag', way: ({ setupDone }) => (setupDone === null ? none : 'DFU or request') },
]

function wayOf(platform: Platform, kind: ModuleKind, index: number): string {
  const [row] = platform.modules.filter((module) => module.kind === kind && module.index === index)
  return row ? wayInto(row) : none
}

function bootloaderWay(platform: Platform): string {
  const way = wayOf(platform, 'bootloader', 0)
  return platform.mcu === 'stm32f2' ? `${way} or staged` : way
}

function wayInto({ alternate }: ModuleBounds): string {
  return alternate === null ? byRequest : 'DFU'
}

function systemWay({ modules }: Platform): string {
  const systems = modules.filter(({ kind }) => kind === 'system')
  const indexes = [...new Set(systems.map(({ index }) => index))].sort()
  const ways = [...new Set(systems.map(wayInto))].join(', ')
  return indexes.length === 1 ? ways : `${ways} (${indexes.join(', ')})`
}

function userWay({ modules }: Platform, kilobytes: 128 | 256): string {
  const fits = ({ maxSizeBytes }: ModuleBounds) => (kilobytes === 128) === maxSizeBytes <= 128 * 1024
  const [row] = modules.filter((module) => module.kind === 'user' && fits(module))
  if (!row) return none
  return kilobytes === 128 ? wayInto(row) : `${wayInto(row)}, ${row.maxSizeBytes / 1024} KB`
}

function factoryWay({ factoryImages }: Platform): string {
  const alternates = [...new Set(factoryImages.map(({ alternate }) => alternate))]
  return alternates.length === 0 ? none : `DFU, memory ${alternates.join(', ')}`
}

const heads = ['Platform', 'ID', 'Chip', ...columns.map(({ title }) => title)]

/** The whole page, as it stands in docs/platforms.md. */
export function platformsPage(): string {
  return `# Platforms, modules and ways

This page is written by \`npm run docs\` out of the platform rows that the station works by, and a test fails when it is
out of date.

## Which way each module goes

DFU: written over DFU at its own address and read back byte for byte. request: sent to the running Device OS as a firmware
update, checked and applied by the board; bootloaders are read back over DFU besides, where the job passes through DFU
mode. \`-\`: the platform has none.

${table(heads, platformNames.map(wayRow))}

- Never written, on any way: ${neverWritten()}.
- A Gen 2 bootloader for a Device OS that takes no firmware update by request is staged over DFU in the OTA area and applied
  by the Device OS that starts, from Device OS 1.2.1 on.
- A Device OS below 0.8.0 (Gen 2) or 0.9.0 (nRF52) is no target: it answers nothing, so nothing would be proven.
- Assets need Device OS 5.6.0: 5.5.x takes them too, but lists none, so that nothing would be proven.
- The set-up flag matters on Gen 3 boards below Device OS 4.0.0 only.
- The NCP is never downgraded, and a Tracker takes one only while it runs Device OS 3.0.0 to 5.5.x.
- Refused by name, in a slot and as a file: ${otherPlatformNames().join(', ')}.

## What was shown, and on what

Simulated: a board of this platform is flashed whole, up and down between these two releases, at real flash timing, every
module proven, by a test (\`test/line/every-platform.test.ts\`). The seconds that takes, beside what the board itself needs,
are in [performance.md](performance.md). **Hardware: none of this has been tried on a real board yet**;
[hardware.md](hardware.md) is the walk that will change this column.

${table(['Platform', 'Name', 'Simulated, up and down', 'Tried on hardware'], platformNames.map(shownRow))}
`
}

function wayRow(name: PlatformName): readonly string[] {
  const platform = platformOf(name)
  return [name, String(platformIds[name]), platform.mcu, ...columns.map(({ way }) => way(platform))]
}

function shownRow(name: PlatformName): readonly string[] {
  const { older, newer } = fullRestores[name]
  return [name, platformOf(name).title, `${older} and ${newer}`, 'no']
}

function neverWritten(): string {
  const rows = platformNames.flatMap((name) => {
    const { forbidden, protectedRanges } = platformOf(name)
    return [...forbidden.map(({ reason }) => reason), ...protectedRanges.map(({ what }) => what)]
  })
  return [...new Set(rows)].join('; ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
