// News of a bench that is lent out, one object for scripts and one line for people each.
import { assertNever } from '../../shared/fault/fault.ts'
import type { PlacedBoard } from '../sim/bench-spec.ts'
import type { ClientNews } from '../sim/usbip/serve-client.ts'
import type { UsbEvent } from '../station/usb/usb-port.ts'

interface LentBoard {
  readonly busId: string
  readonly platform: string
  /** Device ID; the serial number where there is none. */
  readonly id: string
}

interface News {
  readonly object: Readonly<Record<string, string>>
  readonly text: string
}

export function lentBoard(placed: PlacedBoard): LentBoard {
  const busId = placed.portPath
  if (placed.kind === 'dfu-device') {
    const { kind, serialNumber } = placed.spec
    return { busId, platform: kind, id: serialNumber ?? 'no serial number' }
  }
  const { platform, deviceId } = placed.spec.facts
  return { busId, platform, id: deviceId }
}

/** A board came or went: plugged, unplugged, or reset. */
export function benchNews({ kind, device }: UsbEvent): News {
  const busId = device.portPath
  const ids = `${hex(device.vendorId)}:${hex(device.productId)}`
  return { object: { event: kind, busId, ids }, text: `${busId}  ${kind} ${ids}` }
}

/** A host took a board or lost it, or was turned away. */
export function clientNews(news: ClientNews): News {
  switch (news.kind) {
    case 'attached':
    case 'detached': {
      const { kind, busId, client } = news
      return { object: { event: kind, busId, client }, text: `${busId}  ${kind} by ${client}` }
    }
    case 'lost': {
      const { busId, client } = news
      return { object: { event: 'lost', busId, client }, text: `${busId}  left ${client}; attach it again` }
    }
    case 'refused': {
      const { client, reason } = news
      return { object: { event: 'refused', client, reason }, text: `${client} refused: ${reason}` }
    }
    default:
      return assertNever(news)
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0')
}
