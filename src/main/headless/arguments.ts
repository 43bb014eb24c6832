// The command line in words: what is global, what belongs to a command, and one clear line for what is neither.
import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { asFault } from '../../shared/fault/fault.ts'
import type { PortPath } from '../../shared/model/ids.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import { defaultDataRoot } from '../desk/data-folder.ts'
import { watchableSpeed } from '../desk/prepare-demo.ts'
import { parseBench } from '../sim/bench-spec.ts'
import { loopback, usbipPort } from '../sim/usbip/usbip-server.ts'
import { wrongWords } from './command-forms.ts'
import { format, memory, memoryNumber, number, platform, revision, sha256, usbId, usbPort } from './option-values.ts'
import { UsageError } from './usage-error.ts'

export interface CommandLine {
  /** Command and its operands: ["firmware", "import", "a.zip"]. */
  readonly words: readonly string[]
  readonly data: string
  /** A bench in short form, or the text of a bench file; checked. */
  readonly sim: string | null
  readonly simSpeed: number
  readonly simDump: string | null
  readonly json: boolean
  readonly recipe: string | null
  readonly target: string | null
  readonly user: string | null
  /** A pack to flash with, or to open the station on. */
  readonly pack: string | null
  readonly out: string | null
  readonly platform: PlatformName | null
  /** Of what is fetched. */
  readonly sha256: string | null
  /** Of a pack, or of who signs. */
  readonly name: string | null
  readonly author: string | null
  readonly packVersion: number | null
  readonly count: number | null
  /** Also what a board holds already is written again. */
  readonly force: boolean
  /** What was identified goes into the ledger. */
  readonly record: boolean
  readonly format: 'csv' | 'jsonl'
  readonly port: number
  readonly boards: number | null
  /** Boards of "sim", as `sim` has them. */
  readonly bench: string | null
  /** Address that "sim" listens on. */
  readonly host: string
  readonly headless: boolean
  readonly help: boolean
  readonly text: string
  /** The one port that is opened: of "upload", or that "devices" asks. */
  readonly usbPort: PortPath | null
  /** An alternate setting by number, or the start of its name. */
  readonly memory: number | string | null
  /** In the memory of a device. */
  readonly address: number | null
  readonly sizeBytes: number | null
  /** What a DFU suffix says; null: any. */
  readonly stated: {
    readonly vendorId: number | null
    readonly productId: number | null
    readonly revision: number | null
  }
  /** A loader that many products share is taken for the device of the recipe without asking. */
  readonly takeLoaders: boolean
}

const options = {
  data: { type: 'string' },
  sim: { type: 'string' },
  'sim-speed': { type: 'string' },
  'sim-dump': { type: 'string' },
  json: { type: 'boolean' },
  recipe: { type: 'string' },
  target: { type: 'string' },
  user: { type: 'string' },
  pack: { type: 'string' },
  out: { type: 'string' },
  platform: { type: 'string' },
  sha256: { type: 'string' },
  name: { type: 'string' },
  author: { type: 'string' },
  'pack-version': { type: 'string' },
  count: { type: 'string' },
  force: { type: 'boolean' },
  record: { type: 'boolean' },
  format: { type: 'string' },
  port: { type: 'string' },
  boards: { type: 'string' },
  usbip: { type: 'boolean' },
  speed: { type: 'string' },
  host: { type: 'string' },
  headless: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  search: { type: 'string' },
  ask: { type: 'string' },
  memory: { type: 'string' },
  address: { type: 'string' },
  size: { type: 'string' },
  vid: { type: 'string' },
  pid: { type: 'string' },
  rev: { type: 'string' },
  'take-loaders': { type: 'boolean' },
} as const

/** Throws UsageError with the one line to print. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args)
  const isDemo = positionals[0] === 'demo'
  const help = values.help === true
  refuseWrongWords(positionals, values, help)
  const { sim, recipe = null, target = null, user = null } = values
  const { pack = null, out = null, name = null, author = null } = values
  return {
    words: positionals,
    data: values.data ?? defaultDataRoot(isDemo ? 'dfu-station-demo' : 'dfu-station'),
    sim: sim === undefined ? null : simulatedBench('--sim', sim),
    bench: isSim(positionals) && values.boards ? simulatedBench('--boards', values.boards) : null,
    host: address(values.host),
    simDump: values['sim-dump'] ?? null,
    ...{ recipe, target, user, pack, out, name, author },
    platform: platform(values.platform),
    sha256: sha256(values.sha256),
    ...numbers(values, positionals),
    format: format(values.format),
    json: values.json === true,
    force: values.force === true,
    record: values.record === true,
    headless: values.headless === true,
    help,
    text: values.search ?? '',
    ...ofDevices(values, positionals),
  }
}

type Values = ReturnType<typeof parsed>['values']

type DeviceValues = Pick<CommandLine, 'usbPort' | 'memory' | 'address' | 'sizeBytes' | 'stated' | 'takeLoaders'>

function ofDevices(values: Values, [command]: readonly string[]): DeviceValues {
  return {
    usbPort: command === 'upload' ? usbPort('--port', values.port) : usbPort('--ask', values.ask),
    memory: memory(values.memory),
    address: memoryNumber('--address', values.address),
    sizeBytes: memoryNumber('--size', values.size, 1),
    stated: {
      vendorId: usbId('--vid', values.vid),
      productId: usbId('--pid', values.pid),
      revision: revision('--rev', values.rev),
    },
    takeLoaders: values['take-loaders'] === true,
  }
}

function refuseWrongWords(words: readonly string[], values: Values, help: boolean): void {
  if (help) return
  if (words.length === 0) throw new UsageError('wants a command; --help lists them')
  const wrong = wrongWords(words, Object.keys(values)) ?? wrongTogether(words, values)
  if (wrong) throw new UsageError(wrong)
  const empty = Object.entries(values).find(([, value]) => value === '')
  if (empty) throw new UsageError(`--${empty[0]}: wants a value`)
}

function wrongTogether([command = '', verb = '']: readonly string[], values: Values): string | null {
  switch (`${command} ${verb}`.trim()) {
    case 'sim':
      return values.boards !== undefined && values.usbip ? null : 'sim: wants --boards SPEC and --usbip'
    case 'flash':
    case 'verify':
      return wrongRecipe(command, values)
    case 'identify':
      return wrongIdentify(values)
    case 'upload':
      return values.port === undefined || values.out === undefined ? 'upload: wants --port PORT and --out FILE' : null
    case 'images suffix':
      return wrongSuffix(values)
    case 'pack export':
      return wrongExport(values)
    case 'pack trust':
      return values.name === undefined ? 'pack trust: wants --name NAME' : null
    case 'demo':
      return values.boards === undefined || values.sim === undefined
        ? null
        : 'demo: wants either --boards N or --sim SPEC'
    default:
      return null
  }
}

function wrongIdentify(values: Values): string | null {
  if (values.record) return null
  const needing = (['count', 'recipe', 'take-loaders'] as const).find((name) => values[name] !== undefined)
  return needing === undefined ? null : `identify: --${needing} goes with --record`
}

function wrongSuffix({ vid, pid, out }: Values): string | null {
  const isWhole = vid !== undefined && pid !== undefined && out !== undefined
  return isWhole ? null : 'images suffix: wants --vid VENDOR, --pid PRODUCT and --out FILE'
}

function wrongRecipe(command: string, { recipe, target, pack, user }: Values): string | null {
  const given = [recipe, target, pack].filter((each) => each !== undefined).length
  if (given !== 1) return `${command}: wants either --recipe FILE or --target VERSION or --pack FILE`
  return pack !== undefined && user !== undefined
    ? `${command}: a pack has its user firmware; --user does not go with it`
    : null
}

function wrongExport({ recipe, target, out }: Values): string | null {
  const isWhole = (recipe === undefined) !== (target === undefined) && out !== undefined
  return isWhole ? null : 'pack export: wants --out FILE and --recipe FILE or --target VERSION'
}

type Numbers = Pick<CommandLine, 'simSpeed' | 'count' | 'port' | 'boards' | 'packVersion'>

function numbers(values: Values, words: readonly string[]): Numbers {
  const speed = words[0] === 'demo' ? demoSpeed(values) : 1
  const [speedName, speedText] = isSim(words) ? ['--speed', values.speed] : ['--sim-speed', values['sim-speed']]
  const port = isSim(words) ? usbipPort : 0
  const boards = isSim(words) ? undefined : values.boards
  return {
    simSpeed: number(speedName, speedText, { least: 0, otherwise: speed }) ?? speed,
    packVersion: number('--pack-version', values['pack-version'], { least: 1, whole: true, otherwise: null }),
    count: number('--count', values.count, { least: 1, whole: true, otherwise: null }),
    port:
      number('--port', words[0] === 'upload' ? undefined : values.port, {
        least: 0,
        most: 65_535,
        whole: true,
        otherwise: port,
      }) ?? port,
    boards: number('--boards', boards, { least: 1, most: 32, whole: true, otherwise: null }),
  }
}

/** The command that lends simulated boards to others. */
function isSim([command]: readonly string[]): boolean {
  return command === 'sim'
}

function address(text = loopback): string {
  if (isIP(text) !== 0) return text
  throw new UsageError(`--host ${text}: wants an IP address of this computer`)
}

/** Without a screen nobody watches. */
const headlessSpeed = 40

function demoSpeed(values: Values): number {
  return values.headless ? headlessSpeed : watchableSpeed
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    const { code, message } = thrown as { readonly code?: unknown; readonly message: string }
    const isUnknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    throw new UsageError(isUnknown ? `${message.split('. ')[0]}; --help lists them` : message)
  }
}

/** A bench in short form, or the text of the bench file that the argument names; a folder "dfu" is none. */
function simulatedBench(option: string, argument: string): string {
  const name = `${option} ${argument}`
  const isFile = argument.endsWith('.json') || (statSync(argument, { throwIfNoEntry: false })?.isFile() ?? false)
  const bench = isFile ? benchText(name, argument) : argument
  try {
    parseBench(bench)
    return bench
  } catch (thrown) {
    throw new UsageError(`${name}: ${asFault(thrown).detail}`)
  }
}

function benchText(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${name}: cannot be read (${(thrown as Error).message})`)
  }
}
