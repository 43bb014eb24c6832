// devices: what is on the bench. Nothing is written, to boards or to the ledger; DFU devices that are no Particle boards are
// told from their descriptors, unless somebody named them.
import { boardName, boardType } from '../../../shared/model/board-name.ts'
import { particleOf } from '../../../shared/model/identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { CommandLine } from '../arguments.ts'
import { seenObject, seenText } from '../device-text.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { lookAtDevices } from '../look-at-devices.ts'
import { namedDevices } from '../named-devices.ts'
import type { Output } from '../output.ts'
import { surveyBench } from '../survey-bench.ts'
import { UsageError } from '../usage-error.ts'
import { withBus } from '../with-bus.ts'

export async function listDevices(line: CommandLine, output: Output): Promise<ExitCode> {
  const named = namedDevices(line)
  const slots = await surveyBench(line)
  for (const view of slots) output.result(deviceObject(view), deviceLine(view))
  const { usbPort: port } = line
  const seen = await withBus({ line, output }, (tools) => lookAtDevices(tools, { named, port }))
  for (const each of seen) output.result(seenObject(each), seenText(each))
  const isAskedThere = [...slots, ...seen.map(({ board }) => board)].some(({ portPath }) => portPath === port)
  if (port !== null && !isAskedThere) throw new UsageError(`--ask ${port}: no board and no DFU device is on this port`)
  if (slots.length + seen.length === 0) output.note('No boards are plugged in.')
  return seen.some(({ fault }) => fault !== null) ? exitCodes.boardFailed : exitCodes.ok
}

export function deviceObject({ portPath, board, fault }: SlotView) {
  return {
    portPath,
    platform: particleOf(board)?.platform ?? null,
    mode: board?.mode ?? null,
    deviceId: particleOf(board)?.deviceId ?? null,
    fault,
  }
}

export function deviceLine({ portPath, board, fault }: SlotView): string {
  if (!board) return `${portPath}  not identified: ${fault?.detail ?? 'no answer in time'}`
  return `${portPath}  ${boardType(board)}  ${board.mode}  ${boardName(board)}`
}
