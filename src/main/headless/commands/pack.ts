// pack export, import, show, list, keys, trust and untrust.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Fault } from '../../../shared/fault/fault.ts'
import { keyNameSchema, publicKeySchema } from '../../../shared/model/pack-name.ts'
import type { PackKey } from '../../../shared/model/pack-view.ts'
import { holdStationLock } from '../../audit/station-lock.ts'
import { makePack } from '../../desk/export-pack.ts'
import { rememberIssued } from '../../desk/issued-packs.ts'
import { packFileAt } from '../../desk/open-pack.ts'
import { type CommandGround, openPackGround } from '../../desk/pack-ground.ts'
import { standingOfTaken } from '../../desk/recipe-origin.ts'
import { examinePackFile, takePack } from '../../desk/take-pack.ts'
import { writeAtomically } from '../../desk/write-atomically.ts'
import type { Standing } from '../../station/packs/pack-standing.ts'
import type { ReadPack } from '../../station/packs/read-pack.ts'
import { fingerprintOf, publicKeyOf } from '../../station/packs/signing.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Output, stderrLog } from '../output.ts'
import { recipeOf } from '../recipe-of.ts'
import { simulationOf } from '../simulation-of.ts'
import { UsageError } from '../usage-error.ts'

type Verb = (line: CommandLine, output: Output, ground: CommandGround) => Promise<ExitCode>

const verbs: Readonly<Record<string, Verb>> = {
  export: exportPack,
  import: importPack,
  show: showPack,
  list: listPacks,
  keys: listKeys,
  trust: trustKey,
  untrust: untrustKey,
}

export async function pack(line: CommandLine, output: Output): Promise<ExitCode> {
  const [, word = ''] = line.words
  const verb = verbs[word]
  if (!verb) throw new UsageError(`there is no command "pack ${word}"; --help lists them`)
  return verb(line, output, await openPackGround(line.data, { simulation: simulationOf(line) }, stderrLog()))
}

async function exportPack(line: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  const out = resolve(line.out ?? '')
  if (!existsSync(dirname(out))) throw new UsageError(`--out ${line.out}: there is no such folder`)
  const recipe = await recipeOf(line, output)
  const privateKey = ground.keys.signingKey()
  const { name, version, bytes } = await makePack(ground, recipe, {
    ...{ name: line.name ?? undefined, version: line.packVersion ?? undefined, author: line.author ?? '', privateKey },
  })
  writeAtomically(out, bytes)
  rememberIssued(ground.folder.issuedPacks, { name, version }, ground.log)
  const fingerprint = fingerprintOf(publicKeyOf(privateKey))
  output.result(
    { exported: { file: out, name, version, sizeBytes: bytes.length, fingerprint } },
    `${name} version ${version}, ${bytes.length} bytes, signed by ${fingerprint}: ${out}`,
  )
  return exitCodes.ok
}

async function importPack(line: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  const examined = await examinedPack(line, ground)
  const { note, packId } = await takePack(ground, examined, resolve(line.words[2] ?? ''))
  const { standing } = examined.standing
  output.result(
    { taken: { packId, name: note.name, version: note.version, recipeId: note.recipeId, standing } },
    `took ${note.name} version ${note.version} (${signedBy(examined.standing)})`,
  )
  if (examined.standing.fault) output.note(`${standing.toUpperCase()}: for simulated boards only`)
  return exitCodes.ok
}

async function showPack(line: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  const { pack: read, standing } = await examinedPack(line, ground)
  const { manifest, packId, changes } = read
  const { signer, fault } = standing
  output.result({ packId, ...manifest, signer, standing: standing.standing, changes, fault }, packText(read, standing))
  return standing.standing === 'altered' ? exitCodes.badInput : exitCodes.ok
}

async function listPacks(_: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  for (const taken of ground.packs.list()) {
    const standing = standingOfTaken(ground, taken)
    const { name, version, recipeId, takenAt, takenFrom } = taken.note
    const { signer, fault } = standing
    output.result(
      { packId: taken.packId, name, version, recipeId, takenAt, takenFrom, signer, standing: standing.standing, fault },
      [`${name} version ${version}`, signedBy(standing), new Date(takenAt).toISOString(), takenFrom].join('  '),
    )
  }
  return exitCodes.ok
}

async function listKeys(_: CommandLine, output: Output, { keys }: CommandGround): Promise<ExitCode> {
  const { own, trusted } = keys.view()
  if (own) tellKey(output, 'own', own)
  for (const key of trusted) tellKey(output, 'trusted', key)
  return exitCodes.ok
}

function tellKey(output: Output, kind: 'own' | 'trusted', { publicKey, fingerprint, name }: PackKey): void {
  const title = kind === 'own' ? 'this station' : (name ?? '')
  output.result({ kind, name, fingerprint, publicKey }, `${fingerprint}  ${publicKey}  ${title}`)
}

async function trustKey(line: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  const name = keyNameSchema.safeParse(line.name ?? '')
  if (!name.success) throw new UsageError(`--name ${line.name}: wants the name of who signs, at most 60 characters`)
  const publicKey = await keyMeant(line, ground)
  changeKeys(ground, () => ground.keys.trust(name.data, publicKey))
  const fingerprint = fingerprintOf(publicKey)
  output.result({ trusted: { name: name.data, fingerprint, publicKey } }, `trusts ${name.data}: ${fingerprint}`)
  output.note(`Compare ${fingerprint} with whoever signs, by telephone or by eye; "pack untrust" takes it back.`)
  return exitCodes.ok
}

/** The key itself, or the one that a pack is signed with. */
async function keyMeant(line: CommandLine, ground: CommandGround): Promise<string> {
  const key = publicKeySchema.safeParse(line.words[2] ?? '')
  if (key.success) return key.data
  const { pack: read, standing } = await examinedPack(line, ground)
  if (standing.standing === 'altered' && standing.fault) {
    throw new Fault('PACK_ALTERED', `${standing.fault.detail}; its key says nothing`)
  }
  if (!read.publicKey) throw new Fault('PACK_UNSIGNED', `${line.words[2]}: nobody signed it`)
  return read.publicKey
}

/** A station that runs keeps its settings in memory: it would not hear of the change, and would undo it. LEDGER_IN_USE. */
function changeKeys({ folder }: CommandGround, change: () => void): void {
  const release = holdStationLock(folder.ledger)
  try {
    change()
  } finally {
    release()
  }
}

async function untrustKey(line: CommandLine, output: Output, ground: CommandGround): Promise<ExitCode> {
  const [, , word = ''] = line.words
  const { keys } = ground
  const key = keys.view().trusted.find((each) => [each.name, each.fingerprint, each.publicKey].includes(word))
  if (!key) throw new Fault('CALL_REJECTED', `no trusted key is called ${word}`)
  changeKeys(ground, () => keys.untrust(key.fingerprint))
  output.result({ untrusted: key }, `trusts ${key.name} (${key.fingerprint}) no more`)
  return exitCodes.ok
}

async function examinedPack(line: CommandLine, ground: CommandGround) {
  const file = await packFileAt(resolve(line.words[2] ?? ''))
  return examinePackFile(ground, file, new AbortController().signal)
}

function signedBy({ signer, standing }: Standing): string {
  if (standing === 'unsigned') return 'NOT SIGNED'
  if (standing === 'altered') return 'ALTERED'
  return `signed by ${signer?.name ?? 'a key that is NOT TRUSTED'}, ${signer?.fingerprint}`
}

/** One line for each fact: a name with a line end in it must not look like another fact. */
function packText({ manifest, packId, changes }: Omit<ReadPack, 'files'>, standing: Standing): string {
  const { name, version, author, created, recipe, files } = manifest
  const lines = [
    `${name} version ${version}, ${created}${author === '' ? '' : `, by ${author}`}`,
    `  ${packId}`,
    `  ${signedBy(standing)}`,
    ...changes.map((change) => `  ${change}`),
    `  recipe "${recipe.name}": ${recipe.job}, ${'platforms' in recipe ? recipe.platforms.join(', ') : recipe.devices.map(({ name }) => name).join(', ')}`,
    ...(recipe.limits ? [`  limits ${JSON.stringify(recipe.limits)}`] : []),
    ...Object.entries(recipe.label).map(([key, value]) => `  label ${key}: ${value}`),
    ...files.map(({ path, sizeBytes, sha256 }) => `  ${path}  ${sizeBytes}  ${sha256.slice(0, 12)}`),
  ]
  return lines.map((line) => line.replaceAll(/\s*\n\s*/g, ' ')).join('\n')
}
