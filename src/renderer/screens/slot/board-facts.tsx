// Who the board is, as far as it could be read; what could not be read says why.
import type { BoardAssets, ParticleIdentity } from '../../../shared/model/identity.ts'
import type { BoardFacts as BoardSayings } from '../../../shared/model/record.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { deviceTexts } from '../../text/device.ts'
import { slotTexts } from '../../text/slot.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'
import { abilityRows, identityRows, programRevision, revisionRow } from './device-rows.ts'
import { readable } from './readable-row.ts'

export function BoardFacts({ view }: { readonly view: SlotView }) {
  const { board, portPath } = view
  const port: FactRow =
    portPath === null
      ? { name: slotTexts.usbPath, value: slotTexts.noPort, isMissing: true }
      : { name: slotTexts.usbPath, value: portPath, isMono: true }
  if (board === null) return <Facts rows={[port, ...absentRows(view)]} />
  if (board.kind === 'dfu')
    return <Facts rows={[...identityRows(board), ...abilityRows(board), ...revisionRows(view), port]} />
  return <Facts rows={[...particleRows(board), port]} />
}

/** Nobody, or somebody who is none of the station's business. */
function absentRows({ bystander }: SlotView): readonly FactRow[] {
  const nobody = { name: slotTexts.board, value: slotTexts.noBoard, isMissing: true }
  return bystander === null ? [nobody] : [nobody, { name: deviceTexts.inSocket, value: bystander }]
}

/** The version of its program: now, or before and after its job. */
function revisionRows({ board, job }: SlotView): readonly FactRow[] {
  if (board?.kind !== 'dfu') return []
  const now = programRevision(board)
  if (job === null) return now === null ? [] : [revisionRow(deviceTexts.revision, now, '')]
  return [
    revisionRow(deviceTexts.revisionBefore, job.revisionBefore, deviceTexts.programSilent),
    ...(job.outcome === null ? [] : [revisionRow(deviceTexts.revisionAfter, now, deviceTexts.programSilent)]),
  ]
}

function particleRows(board: ParticleIdentity): readonly FactRow[] {
  return [
    { name: slotTexts.deviceId, value: board.deviceId, isMono: true },
    { name: slotTexts.platform, value: board.platform },
    { name: slotTexts.mode, value: slotTexts.modes[board.mode] },
    readable(slotTexts.serial, board.serialNumber),
    readable(slotTexts.iccid, board.iccid),
    readable(slotTexts.imei, board.imei),
    readable(slotTexts.deviceOs, board.deviceOsVersion),
    ...sayingsOf(board),
  ]
}

/** What a board says of itself besides names and modules. */
export function sayingsOf(board: Omit<BoardSayings, 'mode'>): readonly FactRow[] {
  return [
    readable(slotTexts.protection, board.isProtected, protectionText),
    readable(slotTexts.ncp, board.ncpVersion),
    readable(slotTexts.listening, board.isListening, yesNo),
    readable(slotTexts.setup, board.setupDone, setupText),
    readable(slotTexts.assets, board.assets, assetsText),
  ]
}

function yesNo(is: boolean): string {
  return is ? slotTexts.yes : slotTexts.no
}

function setupText(isDone: boolean): string {
  return isDone ? slotTexts.isSetUp : slotTexts.isNotSetUp
}

/** Names of what is there, and of what the application asks for and does not find. */
function assetsText({ available, required }: BoardAssets): string {
  const lacking = required.filter((asset) => !available.some(({ sha256 }) => sha256 === asset.sha256))
  return slotTexts.assetsOf(available.map(({ name }) => name).join(', '), lacking.map(({ name }) => name).join(', '))
}

function protectionText(isProtected: boolean): string {
  return isProtected ? slotTexts.isProtected : slotTexts.isOpen
}
