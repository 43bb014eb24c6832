// What every visit to a board in DFU mode holds while it lasts: the link, the state between operations, the count of
// transfers. It runs one machine at a time.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { type DfuDevice, type DfuLink, drive } from './drive.ts'
import type { Dfu, DfuNews } from './machine.ts'
import type { SessionState } from './session-state.ts'

export interface Visit {
  readonly state: SessionState
  readonly link: DfuLink
  transfers: number
  isBusy: boolean
  takeNews: (news: DfuNews) => void
}

export interface Host {
  readonly device: DfuDevice
  readonly interfaceNumber: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** wIndex of DFU_DETACH, where it is not the interface alone. */
  readonly detachIndex?: number
}

export function newVisit(state: SessionState, host: Host): Visit {
  const link: DfuLink = {
    ...host,
    onNews: (news) => visit.takeNews(news),
    onTransfer: () => {
      visit.transfers += 1
    },
  }
  const visit: Visit = { state, link, transfers: 0, isBusy: false, takeNews: () => {} }
  return visit
}

/** Drives one machine; a fault leaves the board in a state nobody knows, until the next operation goes home. */
export async function run<T>(visit: Visit, machine: Dfu<T>, takeNews: (news: DfuNews) => void): Promise<T> {
  if (visit.isBusy) throw new Fault('INTERNAL', 'a DFU operation is already running on this board')
  visit.isBusy = true
  visit.takeNews = takeNews
  try {
    return await drive(machine, visit.link)
  } catch (thrown) {
    if (visit.state.phase !== 'left') visit.state.phase = 'unknown'
    throw thrown
  } finally {
    visit.isBusy = false
    visit.takeNews = () => {}
  }
}
