// One device of a recipe while it is being made: what the form holds, what is still missing, and what comes out.
import type { DfuRecipeDevice, Recipe } from '../../../shared/model/recipe.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'

export interface DeviceDraft {
  readonly name: string
  /** As typed: ids with commas or spaces between them. */
  readonly match: string
  /** SHA-256 of the file; empty where none is chosen. */
  readonly image: string
  /** As typed; empty: not said. */
  readonly address: string
  readonly memory: string
  readonly version: string
  readonly verify: DfuRecipeDevice['verify']
  readonly erase: DfuRecipeDevice['erase']
  readonly readProtection: DfuRecipeDevice['readProtection']
  readonly allow: readonly DfuRecipeDevice['allow'][number][]
  readonly loader: DfuRecipeDevice['loader']
  readonly afterwards: DfuRecipeDevice['afterwards']
}

export const emptyDevice: DeviceDraft = {
  name: '',
  match: '',
  image: '',
  address: '',
  memory: '',
  version: '',
  verify: 'read-back',
  erase: 'touched',
  readProtection: 'keep',
  allow: [],
  loader: 'ask',
  afterwards: 'run',
}

/** What was typed into one field, id by id, in the form that a station compares. */
export function matchIdsOf(typed: string): readonly string[] {
  return typed
    .split(/[\s,;]+/)
    .filter((id) => id !== '')
    .map((id) => (id.toUpperCase().startsWith('USB\\') ? id.toUpperCase() : id.toLowerCase()))
}

const matchForms = [
  /^[0-9a-f]{4}:[0-9a-f]{4}$/,
  /^USB\\VID_[0-9A-F]{4}&PID_[0-9A-F]{4}(&REV_[0-9A-F]{4})?$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
]

/** The forms that a station takes; it may refuse one for what it stands for. */
export function isMatchId(id: string): boolean {
  return matchForms.some((form) => form.test(id))
}

/** The device of a draft without problems. What means nothing for this kind of job is left out. */
export function deviceOf(draft: DeviceDraft, job: Recipe['job']): DfuRecipeDevice {
  const { verify, erase, readProtection, allow, loader, afterwards } = job === 'flash' ? draft : emptyDevice
  const compares = job !== 'identify'
  return {
    name: draft.name.trim(),
    match: [...matchIdsOf(draft.match)],
    image: compares && draft.image !== '' ? { sha256: draft.image } : null,
    address: compares ? numberOf(draft.address) : null,
    memory: compares ? memoryOf(draft.memory) : null,
    version: compares && draft.version.trim() !== '' ? draft.version.trim() : null,
    verify: compares ? draft.verify : verify,
    ...{ erase, readProtection, allow: [...allow], afterwards },
    loader: compares ? draft.loader : loader,
  }
}

const { problems } = deviceRecipe

/** In the order of the form; empty when all of them can be in a recipe. */
export function deviceProblems(devices: readonly DeviceDraft[], job: Recipe['job']): readonly string[] {
  if (devices.length === 0) return [problems.devices]
  const earlier = new Set<string>()
  return devices.flatMap((draft, place) => {
    const at = place + 1
    return [
      ...(draft.name.trim() === '' ? [problems.name(at)] : []),
      ...matchProblems(draft, at, earlier),
      ...(job === 'identify' ? [] : contentProblems(draft, at)),
    ]
  })
}

function matchProblems({ match }: DeviceDraft, at: number, earlier: Set<string>): readonly string[] {
  const ids = matchIdsOf(match)
  if (ids.length === 0) return [problems.match(at)]
  return ids.flatMap((id) => {
    if (!isMatchId(id)) return [problems.matchForm(at, id)]
    if (earlier.has(id)) return [problems.matchTwice(at, id)]
    earlier.add(id)
    return []
  })
}

function contentProblems({ image, address, memory, version }: DeviceDraft, at: number): readonly string[] {
  return [
    ...(image === '' ? [problems.image(at)] : []),
    ...(address.trim() === '' || numberOf(address) !== null ? [] : [problems.address(at)]),
    ...(memory.trim() === '' || memoryOf(memory) !== null ? [] : [problems.memory(at)]),
    ...(version.trim() === '' || isVersion(version.trim()) ? [] : [problems.version(at)]),
  ]
}

/** "0x08000000" or decimal; null for anything that is no address of 32 bits. */
function numberOf(text: string): number | null {
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text.trim())) return null
  const value = Number(text.trim())
  return value <= 0xffff_ffff ? value : null
}

/** The number of an alternate setting, or the start of its name. */
function memoryOf(text: string): number | string | null {
  const word = text.trim()
  if (/^\d+$/.test(word)) return Number(word) <= 255 ? Number(word) : null
  return word.replace(/^@/, '').trim() === '' || word.length > 100 ? null : word
}

function isVersion(text: string): boolean {
  return /^(\d{1,2}\.\d{2}|0x[0-9a-f]{4})$/i.test(text)
}

/** How many options are not as an everyday recipe has them. */
export function countSetOptions(draft: DeviceDraft): number {
  const names = ['address', 'memory', 'version', 'verify', 'erase', 'readProtection', 'loader', 'afterwards'] as const
  return names.filter((name) => draft[name] !== emptyDevice[name]).length + draft.allow.length
}

/** What cannot be undone, each in a loud sentence; empty for an everyday recipe. */
export function dangersOf(device: Pick<DeviceDraft, 'erase' | 'readProtection' | 'allow'>): readonly string[] {
  const { danger } = deviceRecipe
  return [
    ...(device.erase === 'all' ? [danger.eraseAll] : []),
    ...(device.readProtection === 'remove' ? [danger.unprotect] : []),
    ...(device.allow.includes('option-bytes') ? [danger.optionBytes] : []),
    ...(device.allow.includes('otp') ? [danger.otp] : []),
  ]
}
