// Violations to plant: for every place of the house a file that crosses all its borders, and for every other rule a file that breaks
// it. They are texts, not files, so that no tool of the house meets them by accident.

export interface Planted {
  readonly path: string
  readonly text: string
  /** The rule of the linter that must complain, and how often. */
  readonly rule: string
  readonly times: number
}

/** Who may not import what, as the house has it; written here once more, so that a deleted rule is missed. */
const borders: readonly { readonly in: readonly string[]; readonly never: readonly string[] }[] = [
  {
    in: ['src/shared/model/planted.ts'],
    never: [
      'node:fs',
      '../../main/desk/desk.ts',
      '../../renderer/app.tsx',
      'react',
      'usb',
      'electron',
      'better-sqlite3',
    ],
  },
  {
    in: ['src/main/station/planted.ts', 'src/main/station/jobs/steps/planted.ts', 'src/main/station/usb/planted.ts'],
    never: ['usb', 'electron', 'electron/main', 'better-sqlite3', ...mainFolders('audit', 'sim', 'host', 'desk')],
  },
  {
    in: ['src/main/station/slots/planted.ts'],
    never: [...mainFolders('shell', 'web', 'headless'), '../../../renderer/app.tsx'],
  },
  {
    in: ['src/main/station/dfu/planted.ts'],
    // The rest of the station's borders is held for this folder by imports.test.ts: of two matching overrides of the
    // linter only the last one counts.
    never: [
      'node:fs',
      'usb',
      'electron',
      '../usb/usb-port.ts',
      '../slots/slot.ts',
      '../jobs/job.ts',
      '../identity/identify.ts',
    ],
  },
  {
    in: ['src/main/station/jobs/plan-flash.ts', 'src/main/station/slots/slot.ts'],
    never: ['node:fs', '../usb/usb-port.ts', 'usb', 'better-sqlite3'],
  },
  {
    in: ['src/main/audit/planted.ts'],
    never: [
      '../station/ports.ts',
      'usb',
      'electron',
      ...mainFolders('sim', 'host', 'desk', 'shell', 'web', 'headless'),
    ],
  },
  {
    in: ['src/main/sim/planted.ts', 'src/main/sim/dfu/planted.ts'],
    never: [
      ...['dfu/words', 'identity/identify', 'firmware/library', 'jobs/job', 'slots/slot', 'platforms/platforms'].map(
        (name) => `../station/${name}.ts`,
      ),
      ...['@particle/device-os-protobuf', 'usb', 'electron', 'better-sqlite3'],
      ...mainFolders('audit', 'host', 'desk', 'shell', 'web', 'headless'),
    ],
  },
  {
    in: ['src/main/host/planted.ts'],
    never: ['usb', 'electron', 'better-sqlite3', ...mainFolders('audit', 'desk', 'shell', 'web', 'headless')],
  },
  {
    in: ['src/main/desk/planted.ts'],
    never: [
      'usb',
      'electron',
      'better-sqlite3',
      '../station/usb/libusb-bus.ts',
      ...mainFolders('shell', 'web', 'headless'),
    ],
  },
  {
    in: ['src/main/web/planted.ts', 'src/main/headless/planted.ts'],
    never: [
      'usb',
      'electron',
      'better-sqlite3',
      '../station/usb/libusb-bus.ts',
      '../shell/planted.ts',
      '../../renderer/app.tsx',
    ],
  },
  {
    in: ['src/main/shell/planted.ts'],
    never: ['usb', 'better-sqlite3', '../station/ports.ts', '../sim/account.ts', '../../renderer/app.tsx'],
  },
  {
    in: ['src/renderer/screens/planted.ts'],
    never: ['node:fs', '../../main/desk/desk.ts', 'usb', 'electron', 'better-sqlite3'],
  },
]

function mainFolders(...names: readonly string[]): readonly string[] {
  return names.map((name) => `../../${name}/planted.ts`)
}

/** Value imports and type imports in turn, for both are imports here. */
const crossings: readonly Planted[] = borders.flatMap(({ in: places, never }) =>
  places.map((path) => ({
    path,
    text: `${never.map(importLine).join('')}\nexport const used = [${never.map((_, at) => `thing${at}`).join(', ')}]\n`,
    rule: 'noRestrictedImports',
    times: never.length,
  })),
)

function importLine(target: string, at: number): string {
  return at % 2 === 0 ? `import { thing${at} } from '${target}'\n` : `import type { thing${at} } from '${target}'\n`
}

const line = 'export const value = 1\n'

const brokenRules: readonly Omit<Planted, 'times'>[] = [
  {
    path: 'src/main/desk/cycle-one.ts',
    text: "import { two } from './cycle-two.ts'\n\nexport function one(): number {\n  return two() + 1\n}\n",
    rule: 'noImportCycles',
  },
  {
    path: 'src/main/desk/cycle-two.ts',
    text: "import { one } from './cycle-one.ts'\n\nexport function two(): number {\n  return one() + 1\n}\n",
    rule: 'noImportCycles',
  },
  {
    path: 'src/main/desk/too-long.ts',
    text: Array.from({ length: 301 }, (_, n) => `export const value${n} = ${n}\n`).join(''),
    rule: 'noExcessiveLinesPerFile',
  },
  {
    path: 'src/main/desk/floating.ts',
    text: 'async function work(): Promise<number> {\n  return 1\n}\n\nexport function start(): void {\n  work()\n}\n',
    rule: 'noFloatingPromises',
  },
  {
    path: 'src/main/desk/long-function.ts',
    text: `export function long(): number {\n  let sum = 0\n${'  sum += 1\n'.repeat(41)}  return sum\n}\n`,
    rule: 'noExcessiveLinesPerFunction',
  },
  {
    path: 'src/main/desk/many-parameters.ts',
    text: 'export function many(a: number, b: number, c: number, d: number): number {\n  return a + b + c + d\n}\n',
    rule: 'useMaxParams',
  },
  {
    path: 'src/main/desk/tangled.ts',
    text: `export function tangled(n: number): number {\n${'  if (n > 1) { if (n > 2) { if (n > 3) return 1 } }\n'.repeat(3)}  return n\n}\n`,
    rule: 'noExcessiveCognitiveComplexity',
  },
  {
    path: 'src/main/desk/open-switch.ts',
    text: "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'one'\n  }\n  return ''\n}\n",
    rule: 'useExhaustiveSwitchCases',
  },
  {
    path: 'src/main/desk/default-export.ts',
    text: 'export default function run(): void {}\n',
    rule: 'noDefaultExport',
  },
  { path: 'src/main/desk/index.ts', text: "export * from './floating.ts'\n", rule: 'noBarrelFile' },
  { path: 'src/main/desk/enum.ts', text: 'export enum Colour {\n  Red = 1,\n}\n', rule: 'noEnum' },
  { path: 'src/main/desk/any.ts', text: 'export const anything: any = 1\n', rule: 'noExplicitAny' },
  { path: 'src/main/desk/CamelName.ts', text: line, rule: 'useFilenamingConvention' },
]

export const planted: readonly Planted[] = [...crossings, ...brokenRules.map((each) => ({ ...each, times: 1 }))]

/** Files without a fault beside them: the linter must not complain about these. */
export const innocent: readonly Pick<Planted, 'path' | 'text'>[] = [
  {
    path: 'src/main/station/usb/libusb-bus.ts',
    text: "import { usb } from 'usb'\n\nexport const native: unknown = usb\n",
  },
  {
    path: 'src/main/station/dfu/drive.ts',
    text: "import { createHash } from 'node:crypto'\n\nexport const hash: unknown = createHash('sha256')\n",
  },
  {
    path: 'src/main/sim/innocent.ts',
    text: "import type { UsbBus } from '../station/usb/usb-port.ts'\n\nexport const bus: UsbBus | null = null\n",
  },
  { path: 'src/main/desk/innocent.ts', text: line },
]
