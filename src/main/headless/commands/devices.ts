// devices and identify: what is on the bench. Nothing is written, to boards or to the ledger.
import { type BoardIdentity, type Readable, valueOrNull } from '../../../shared/model/identity.ts'
import { moduleName } from '../../../shared/model/module.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { surveyBench } from '../survey-bench.ts'

export async function listDevices(line: CommandLine, output: Output): Promise<ExitCode> {
  const slots = await surveyBench(line)
  if (slots.length === 0) output.note('No boards are plugged in.')
  for (const view of slots) output.result(deviceObject(view), deviceLine(view))
  return exitCodes.ok
}

export async function identifyBoards(line: CommandLine, output: Output): Promise<ExitCode> {
  const slots = await surveyBench(line)
  if (slots.length === 0) output.note('No boards are plugged in.')
  for (const view of slots) output.result(identityObject(view), identityLines(view))
  return slots.every((view) => view.board) ? exitCodes.ok : exitCodes.boardFailed
}

function deviceObject({ portPath, board, fault }: SlotView) {
  return {
    portPath,
    platform: board?.platform ?? null,
    mode: board?.mode ?? null,
    deviceId: board?.deviceId ?? null,
    fault,
  }
}

function deviceLine({ portPath, board, fault }: SlotView): string {
  if (!board) return `${portPath}  not identified: ${fault?.detail ?? 'no answer in time'}`
  return `${portPath}  ${board.platform}  ${board.mode}  ${board.deviceId}`
}

function identityObject(view: SlotView) {
  const { board } = view
  if (!board) return deviceObject(view)
  return {
    ...deviceObject(view),
    serialNumber: valueOrNull(board.serialNumber),
    iccid: valueOrNull(board.iccid),
    imei: valueOrNull(board.imei),
    deviceOsVersion: valueOrNull(board.deviceOsVersion),
    isProtected: valueOrNull(board.isProtected),
    modules: valueOrNull(board.modules),
    notReadable: notReadable(board),
  }
}

/** Why each missing value is missing. */
function notReadable(board: BoardIdentity): Readonly<Record<string, string>> {
  const readables = Object.entries(board).filter((entry): entry is [string, Readable<unknown>] => isUnknown(entry[1]))
  return Object.fromEntries(readables.map(([name, value]) => [name, value.known ? '' : value.reason]))
}

function isUnknown(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'known' in value && value.known === false
}

function identityLines(view: SlotView): string {
  const { board } = view
  if (!board) return deviceLine(view)
  const say = (name: string, value: Readable<unknown>) =>
    `    ${name}: ${value.known ? String(value.value) : `not readable because ${value.reason}`}`
  const modules = valueOrNull(board.modules) ?? []
  return [
    deviceLine(view),
    say('serial number', board.serialNumber),
    say('Device OS', board.deviceOsVersion),
    say('ICCID', board.iccid),
    say('IMEI', board.imei),
    ...(board.modules.known ? [] : [say('modules', board.modules)]),
    ...modules.map((module) => {
      const hash = module.suffixSha256 ? ` ${module.suffixSha256.slice(0, 12)}` : ''
      return `    ${moduleName(module)}: version ${module.version}, integrity ${module.integrity}${hash}`
    }),
  ].join('\n')
}
