// Who the board is, as far as it could be read; what could not be read says why.
import type { BoardIdentity, Readable } from '../../../shared/model/identity.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import { slotTexts } from '../../text/slot.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'

interface BoardFactsProps {
  readonly board: BoardIdentity | null
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
        readable(slotTexts.protection, board.isProtected, protectionText),
        port,
      ]}
    />
  )
}

function readable<T>(name: string, value: Readable<T>, text: (value: T) => string = String): FactRow {
  if (!value.known) return { name, value: slotTexts.unreadable(value.reason), isMissing: true }
  return { name, value: text(value.value), isMono: true }
}

function protectionText(isProtected: boolean): string {
  return isProtected ? slotTexts.isProtected : slotTexts.isOpen
}
