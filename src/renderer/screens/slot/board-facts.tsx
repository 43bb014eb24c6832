// Who the board is, as far as it could be read; what could not be read says why.
import type { BoardAssets, ParticleIdentity, Readable } from '../../../shared/model/identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { BoardFacts as BoardSayings } from '../../../shared/model/record.ts'
import { slotTexts } from '../../text/slot.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'

interface BoardFactsProps {
  readonly board: ParticleIdentity | null
  readonly portPath: PortPath | null
}

export function BoardFacts({ board, portPath }: BoardFactsProps) {
  const port: FactRow =
    portPath === null
      ? { name: slotTexts.usbPath, value: slotTexts.noPort, isMissing: true }
      : { name: slotTexts.usbPath, value: portPath, isMono: true }
  if (board === null)
    return <Facts rows={[port, { name: slotTexts.board, value: slotTexts.noBoard, isMissing: true }]} />
  return (
    <Facts
      rows={[
        { name: slotTexts.deviceId, value: board.deviceId, isMono: true },
        { name: slotTexts.platform, value: board.platform },
        { name: slotTexts.mode, value: slotTexts.modes[board.mode] },
        readable(slotTexts.serial, board.serialNumber),
        readable(slotTexts.iccid, board.iccid),
        readable(slotTexts.imei, board.imei),
        readable(slotTexts.deviceOs, board.deviceOsVersion),
        ...sayingsOf(board),
        port,
      ]}
    />
  )
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

function readable<T>(name: string, value: Readable<T>, text: (value: T) => string = String): FactRow {
  if (!value.known) return { name, value: slotTexts.unreadable(value.reason), isMissing: true }
  return { name, value: text(value.value), isMono: true }
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
