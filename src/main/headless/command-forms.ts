// The words a command line may have: every command with its options and how many words may follow it. What is not here
// is refused before anything is opened.

export interface CommandForm {
  readonly options: readonly string[]
  /** Words after the command, at least and at most. */
  readonly operands: readonly [least: number, most: number]
  /** What a wrong line is told. */
  readonly wants: string
}

const many = Number.POSITIVE_INFINITY
/** Options of every command. */
const globalOptions: readonly string[] = ['data', 'sim', 'sim-speed', 'sim-dump', 'json', 'help']

function form(wants: string, options: readonly string[] = [], operands: CommandForm['operands'] = [0, 0]): CommandForm {
  return { options: [...globalOptions, ...options], operands, wants }
}

/** It has boards and no station, hence no data folder. */
const simOptions: readonly string[] = ['boards', 'usbip', 'port', 'speed', 'host', 'sim-dump', 'json', 'help']

const firmware = 'wants "import PATH...", "list", "versions", "fetch URL" or "hex"'
const images = 'wants "list", "import FILE...", "inspect FILE" or "suffix FILE"'
const ledger = 'wants "list", "show ID", "export" or "verify"'

/** Commands, or commands with their verb. */
const forms: Readonly<Record<string, CommandForm>> = {
  devices: form('wants no more words', ['recipe', 'ask']),
  identify: form('wants no more words', ['record', 'count', 'recipe', 'take-loaders']),
  upload: form('wants no more words', ['port', 'out', 'memory', 'address', 'size', 'force']),
  'images list': form('wants no more words'),
  'images import': form('wants at least one file', [], [1, many]),
  'images inspect': form('wants one file', [], [1, 1]),
  'images suffix': form('wants one file', ['vid', 'pid', 'rev', 'out', 'force'], [1, 1]),
  'firmware import': form('wants at least one .bin, .zip, .hex or folder', [], [1, many]),
  'firmware versions': form('wants no more words'),
  'firmware fetch': form('wants one address', ['sha256'], [1, 1]),
  'firmware hex': form('wants no more words', ['platform', 'target', 'user', 'out']),
  'firmware list': form('wants no more words'),
  flash: form('wants --recipe FILE or --target VERSION', [
    'recipe',
    'target',
    'user',
    'pack',
    'count',
    'force',
    'take-loaders',
  ]),
  verify: form('wants --recipe FILE or --target VERSION', [
    'recipe',
    'target',
    'user',
    'pack',
    'count',
    'take-loaders',
  ]),
  'pack export': form('wants no more words', ['recipe', 'target', 'user', 'out', 'name', 'author', 'pack-version']),
  'pack import': form('wants one pack', [], [1, 1]),
  'pack show': form('wants one pack', [], [1, 1]),
  'pack list': form('wants no more words'),
  'pack keys': form('wants no more words'),
  'pack trust': form('wants one pack or one key', ['name'], [1, 1]),
  'pack untrust': form('wants the name, the fingerprint or the key', [], [1, 1]),
  'ledger list': form('wants no more words', ['search']),
  'ledger show': form('wants one record ID', [], [1, 1]),
  'ledger export': form('wants no more words', ['format', 'search']),
  'ledger verify': form('wants no more words'),
  serve: form('wants no more words', ['port', 'headless', 'pack']),
  demo: form('wants no more words', ['port', 'headless', 'boards']),
  sim: { options: simOptions, operands: [0, 0], wants: 'wants no more words' },
  quirks: form('wants at most one device, as 1d50:5119', [], [0, 1]),
  doctor: form('wants no more words'),
  version: form('wants no more words'),
}

const pack = 'wants "export", "import", "show", "list", "keys", "trust" or "untrust"'

const verbs: Readonly<Record<string, string>> = { firmware, images, ledger, pack }

/** What is wrong with these words and options, as one line; null when nothing is. */
export function wrongWords(words: readonly string[], options: readonly string[]): string | null {
  const [command = '', verb = ''] = words
  const wantsVerb = Object.hasOwn(verbs, command) ? verbs[command] : undefined
  const name = wantsVerb === undefined ? command : `${command} ${verb}`
  const found = Object.hasOwn(forms, name) ? forms[name] : undefined
  if (!found) return wantsVerb ? `${name.trim()}: ${wantsVerb}` : `there is no command "${command}"; --help lists them`
  const foreign = options.find((option) => !found.options.includes(option))
  if (foreign) return `${name}: takes no --${foreign}`
  const operands = words.length - name.split(' ').length
  const [least, most] = found.operands
  return operands < least || operands > most ? `${words.join(' ')}: ${name} ${found.wants}` : null
}
