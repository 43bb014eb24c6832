// What a board did and how long that takes on real hardware: control transfers by request, bytes, and milliseconds at
// real speed. A benchmark divides wall time by this floor; it also counts transfers per block.

export interface BoardAccount {
  readonly transfers: number
  /** By name: dfu-dnload, dfu-upload, dfu-getstatus, ... set-interface, get-descriptor, vendor, other. */
  readonly transfersByRequest: Readonly<Record<string, number>>
  readonly bytesOut: number
  readonly bytesIn: number
  readonly sectorsErased: number
  readonly bytesProgrammed: number
  readonly eraseMs: number
  readonly programMs: number
  readonly wireMs: number
  /** Resets, boots, enumerations. */
  readonly waitMs: number
  /** Device OS at work on requests that were answered: modem, lists, checks; not what it erased and programmed. */
  readonly handlerMs: number
  /** Part of wireMs: questions that came before the answer was ready, and so cost the board no time of their own. */
  readonly earlyMs: number
}

type TimeKind = 'eraseMs' | 'programMs' | 'wireMs' | 'waitMs' | 'handlerMs' | 'earlyMs'

export interface AccountBook {
  transfer(setup: { readonly requestType: number; readonly request: number }): void
  bytes(direction: 'in' | 'out', count: number): void
  time(kind: TimeKind, ms: number): void
  erased(sectors: number): void
  programmed(sizeBytes: number): void
  snapshot(): BoardAccount
}

const dfuRequests = ['detach', 'dnload', 'upload', 'getstatus', 'clrstatus', 'getstate', 'abort']

export function createAccountBook(): AccountBook {
  const times: Record<TimeKind, number> = {
    ...{ eraseMs: 0, programMs: 0, wireMs: 0, waitMs: 0 },
    ...{ handlerMs: 0, earlyMs: 0 },
  }
  const counts = { transfers: 0, bytesOut: 0, bytesIn: 0, sectorsErased: 0, bytesProgrammed: 0 }
  const byRequest = new Map<string, number>()
  return {
    transfer: (setup) => {
      const name = requestName(setup.requestType, setup.request)
      counts.transfers += 1
      byRequest.set(name, (byRequest.get(name) ?? 0) + 1)
    },
    bytes: (direction, count) => {
      counts[direction === 'in' ? 'bytesIn' : 'bytesOut'] += count
    },
    time: (kind, ms) => {
      times[kind] += ms
    },
    erased: (sectors) => {
      counts.sectorsErased += sectors
    },
    programmed: (sizeBytes) => {
      counts.bytesProgrammed += sizeBytes
    },
    snapshot: () => ({ ...counts, ...times, transfersByRequest: Object.fromEntries(byRequest) }),
  }
}

function requestName(requestType: number, request: number): string {
  const kind = requestType & 0x60
  if (kind === 0x40) return 'vendor'
  if (kind === 0x20) {
    const isDfu = (requestType & 0x1f) === 1 && dfuRequests[request] !== undefined
    return isDfu ? `dfu-${dfuRequests[request]}` : 'other'
  }
  if (request === 6) return 'get-descriptor'
  return request === 11 ? 'set-interface' : 'other'
}
