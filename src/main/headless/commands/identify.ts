// identify: all that every board on the bench says of itself, at once. Nothing is written to boards; with --record each
// identification is a job like any other, with its record in the ledger.
import { describeFault, type FaultReport, reportOf } from '../../../shared/fault/fault.ts'
import { type ParticleIdentity, particleOf, type Readable, valueOrNull } from '../../../shared/model/identity.ts'
import { moduleName, type ReportedModule, validityText } from '../../../shared/model/module.ts'
import { platformNames } from '../../../shared/model/platform.ts'
import type { Recipe } from '../../../shared/model/recipe.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { parseRecipe } from '../../desk/recipe-file.ts'
import { notServedBecause } from '../../station/identity/old-board.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { recipeOf } from '../recipe-of.ts'
import { surveyBench } from '../survey-bench.ts'
import { deviceLine, deviceObject } from './devices.ts'
import { flashBench } from './flash.ts'

/** What "identify --record" does with every board. */
const identification = {
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Identify',
  job: 'identify',
  platforms: platformNames,
  deviceOs: 'keep',
  user: 'keep',
}

export async function identifyBoards(line: CommandLine, output: Output): Promise<ExitCode> {
  if (line.record) {
    return flashBench({ line, output, recipe: await recipeFor(line, output) })
  }
  const slots = await surveyBench(line)
  if (slots.length === 0) output.note('No boards are plugged in.')
  for (const view of slots) output.result(identityObject(view), identityLines(view))
  return slots.every(isIdentified) ? exitCodes.ok : exitCodes.boardFailed
}

/** That of --recipe, with nothing done but its question who a board is; by default every Particle board is asked. */
async function recipeFor(line: CommandLine, output: Output): Promise<Recipe> {
  if (line.recipe === null) return parseRecipe(JSON.stringify(identification), 'identify --record')
  return { ...(await recipeOf(line, output)), job: 'identify', limits: null }
}

/** A locked board has said who it is, and that it is locked. */
function isIdentified({ board }: SlotView): boolean {
  if (!board) return false
  if (board.kind === 'dfu') return true
  const why = notServedBecause(board)
  return why === null || why.code === 'DEVICE_PROTECTED'
}

function identityObject(view: SlotView) {
  const board = particleOf(view.board)
  if (!board) return deviceObject(view)
  const { imei, deviceOsVersion, ncpVersion, isListening, setupDone, isProtected, modules, assets } = board
  return {
    ...deviceObject(view),
    fault: faultOf(view),
    serialNumber: valueOrNull(board.serialNumber),
    iccid: valueOrNull(board.iccid),
    imei: valueOrNull(imei),
    deviceOsVersion: valueOrNull(deviceOsVersion),
    isProtected: valueOrNull(isProtected),
    isListening: valueOrNull(isListening),
    setupDone: valueOrNull(setupDone),
    ncpVersion: valueOrNull(ncpVersion),
    ncpModuleVersion: valueOrNull(board.ncpModuleVersion),
    answersRequests: valueOrNull(board.answersRequests),
    modules: valueOrNull(modules),
    assets: valueOrNull(assets),
    notReadable: notReadable(board),
  }
}

/** Why a station could not work with this board, with what a hand can do about it; null where it could. */
function faultOf({
  board,
  fault,
}: SlotView): (FaultReport & { readonly title: string; readonly remedy: string }) | null {
  const particle = particleOf(board)
  const why = particle ? notServedBecause(particle) : null
  const report = why ? reportOf(why) : fault
  return report && { ...report, ...describeFault(report, particle?.platform) }
}

/** Why each missing value is missing. */
function notReadable(board: ParticleIdentity): Readonly<Record<string, string>> {
  const readables = Object.entries(board).filter((entry): entry is [string, Readable<unknown>] => isUnknown(entry[1]))
  return Object.fromEntries(readables.map(([name, value]) => [name, value.known ? '' : value.reason]))
}

function isUnknown(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'known' in value && value.known === false
}

function identityLines(view: SlotView): string {
  const board = particleOf(view.board)
  if (!board) return deviceLine(view)
  const fault = faultOf(view)
  return [
    deviceLine(view),
    ...(fault ? [`    ${fault.code}: ${fault.title}. ${fault.remedy}`] : []),
    said('serial number', board.serialNumber),
    said('Device OS', board.deviceOsVersion),
    said('ICCID', board.iccid),
    said('IMEI', board.imei),
    said('network processor', board.ncpVersion),
    said('set up', board.setupDone),
    said('listening', board.isListening),
    said('protected', board.isProtected),
    ...(board.modules.known ? board.modules.value.map(moduleLine) : [said('modules', board.modules)]),
    ...assetLines(board),
  ].join('\n')
}

function said(name: string, value: Readable<unknown>): string {
  const word = value.known && typeof value.value === 'boolean' ? (value.value ? 'yes' : 'no') : null
  return `    ${name}: ${value.known ? (word ?? String(value.value)) : `not readable because ${value.reason}`}`
}

function moduleLine(module: ReportedModule): string {
  const { version, sizeBytes, store, dependencies, suffixSha256 } = module
  const needs = dependencies.map((each) => `${moduleName(each)} ${each.version}`).join(' and ')
  const parts = [
    `version ${version}`,
    ...(sizeBytes > 0 ? [`${sizeBytes} bytes`] : []),
    validityText(module),
    ...(store === 'main' ? [] : [`in the ${store} store`]),
    ...(needs === '' ? [] : [`needs ${needs}`]),
    ...(suffixSha256 ? [`SHA-256 ${suffixSha256.slice(0, 12)}`] : []),
  ]
  return `    ${moduleName(module)}: ${parts.join(', ')}`
}

function assetLines({ assets }: ParticleIdentity): readonly string[] {
  if (!assets.known) return [said('assets', assets)]
  const { available, required } = assets.value
  const missing = required.filter((asset) => !available.some(({ sha256 }) => sha256 === asset.sha256))
  return [
    ...available.map(
      ({ name, sizeBytes, sha256 }) => `    asset ${name}: ${sizeBytes} bytes, SHA-256 ${sha256.slice(0, 12)}`,
    ),
    ...missing.map(({ name }) => `    asset ${name}: needed by the user firmware, and not there`),
  ]
}
