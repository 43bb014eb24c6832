// What was asked of the launcher: the form to run, its own few flags, and the words that it passes on untouched.
import { Fault } from '../../shared/fault/fault.ts'

export interface LaunchArguments {
  readonly form: 'start' | 'demo'
  /** No window and no web door: straight to the command line. */
  readonly isHeadless: boolean
  /** Do not look for a desktop window. */
  readonly isWebOnly: boolean
  readonly opensBrowser: boolean
  /** Of the web door; null for any free one. */
  readonly port: number | null
  /** For the station, in the order given. */
  readonly rest: readonly string[]
}

export function readLaunchArguments(words: readonly string[]): LaunchArguments {
  const [form, ...given] = words
  if (form !== 'start' && form !== 'demo') throw new Fault('CALL_REJECTED', 'the launcher runs "start" or "demo"')
  const { port, others } = takePort(given)
  const own = ['--no-browser', '--web', '--headless']
  return {
    form,
    isHeadless: given.includes('--headless'),
    isWebOnly: given.includes('--web'),
    opensBrowser: !given.includes('--no-browser'),
    port,
    rest: namePacks(others.filter((word) => !own.includes(word))),
  }
}

/** "line.dfupack" by itself is what "--pack line.dfupack" is: every form of the station knows the flag. */
function namePacks(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const isBare = !word.startsWith('-') && word.endsWith('.dfupack') && words[at - 1] !== '--pack'
    return isBare ? ['--pack', word] : [word]
  })
}

function takePort(words: readonly string[]): { readonly port: number | null; readonly others: readonly string[] } {
  const at = words.findIndex((word) => word === '--port' || word.startsWith('--port='))
  if (at < 0) return { port: null, others: words }
  const isJoined = words[at]?.includes('=') ?? false
  const text = isJoined ? words[at]?.slice('--port='.length) : words[at + 1]
  const port = Number(text === '' ? Number.NaN : text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Fault('CALL_REJECTED', `--port takes a number from 0 to 65535, not "${text ?? ''}"`)
  }
  return { port, others: [...words.slice(0, at), ...words.slice(at + (isJoined ? 1 : 2))] }
}
