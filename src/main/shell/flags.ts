// The shell's own command line. Switches of Chromium pass through the same line and are none of its business.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Fault } from '../../shared/fault/fault.ts'
import { maxSlots } from '../../shared/model/bench-size.ts'
import { type AskedPack, askedPack } from './pack-word.ts'

export interface ShellFlags {
  /** Null for the folder of this user. */
  readonly dataFolder: string | null
  /** "boron:4,photon:2", or the text of a bench file; null for real USB, and for the demo's own bench. */
  readonly boards: string | null
  /** Null where none was given. */
  readonly simSpeed: number | null
  readonly isDemo: boolean
  /** Boards and slots of the demo. */
  readonly boardCount: number
  /** The pack that the station is opened on; null for none. */
  readonly pack: AskedPack | null
}

const demoBoardCount = 8

/** `words` are those after the program; `folder` is where relative names of packs start. */
export function readFlags(words: readonly string[], folder: string): ShellFlags {
  // Not strict: what is not ours passes by.
  const { values, positionals } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      sim: { type: 'string' },
      'sim-speed': { type: 'string' },
      demo: { type: 'boolean' },
      boards: { type: 'string' },
      pack: { type: 'string' },
    },
  })
  return {
    dataFolder: textOf('--data', values['data']),
    boards: benchOf(textOf('--sim', values['sim'])),
    simSpeed: numberOf('--sim-speed', values['sim-speed'], { least: 0, most: 1000 }),
    isDemo: values['demo'] === true,
    boardCount: Math.round(numberOf('--boards', values['boards'], { least: 1, most: maxSlots }) ?? demoBoardCount),
    pack: namedPack(textOf('--pack', values['pack']), folder) ?? askedPack(positionals, folder),
  }
}

/** However the file is called. */
function namedPack(file: string | null, folder: string): AskedPack | null {
  return file === null ? null : { word: { file: resolve(folder, file) }, mustAsk: false }
}

function benchOf(argument: string | null): string | null {
  if (!argument?.endsWith('.json')) return argument
  try {
    return readFileSync(argument, 'utf8')
  } catch (cause) {
    throw new Fault('CALL_REJECTED', `--sim ${argument}: cannot be read`, { cause })
  }
}

function textOf(flag: string, value: string | boolean | undefined): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw new Fault('CALL_REJECTED', `${flag} needs a value`)
  return value
}

interface Limits {
  readonly least: number
  readonly most: number
}

function numberOf(flag: string, given: string | boolean | undefined, { least, most }: Limits): number | null {
  const text = textOf(flag, given)
  if (text === null) return null
  const number = Number(text)
  if (number >= least && number <= most) return number
  throw new Fault('CALL_REJECTED', `${flag} takes a number from ${least} to ${most}, not "${text}"`)
}
