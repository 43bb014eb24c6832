// The shell's own command line. Switches of Chromium pass through the same line and are none of its business.
import { parseArgs } from 'node:util'
import { Fault } from '../../shared/fault/fault.ts'

export interface ShellFlags {
  /** Null for the folder of this user. */
  readonly dataFolder: string | null
  readonly simulation: { readonly boards: string; readonly speed: number } | null
  readonly isDemo: boolean
}

/** `words` are those after the program. */
export function readFlags(words: readonly string[]): ShellFlags {
  // Not strict: what is not ours passes by.
  const { values } = parseArgs({
    args: [...words],
    strict: false,
    options: {
      data: { type: 'string' },
      sim: { type: 'string' },
      'sim-speed': { type: 'string' },
      demo: { type: 'boolean' },
    },
  })
  const boards = textOf('--sim', values['sim'])
  const speed = speedOf(textOf('--sim-speed', values['sim-speed']))
  return {
    dataFolder: textOf('--data', values['data']),
    simulation: boards === null ? null : { boards, speed },
    isDemo: values['demo'] === true,
  }
}

function textOf(flag: string, value: string | boolean | undefined): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw new Fault('CALL_REJECTED', `${flag} needs a value`)
  return value
}

function speedOf(text: string | null): number {
  const speed = text === null ? 1 : Number(text)
  if (speed >= 0 && speed <= 1000) return speed
  throw new Fault('CALL_REJECTED', `--sim-speed takes a number from 0 to 1000, not "${text}"`)
}
