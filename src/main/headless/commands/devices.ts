// devices: what is on the bench. Nothing is written, to boards or to the ledger.
import { boardName, boardType } from '../../../shared/model/board-name.ts'
import { particleOf } from '../../../shared/model/identity.ts'
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
