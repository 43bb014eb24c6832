// One stay in a port, from power on to power off, whatever is plugged in: its own time, what it shows on the bus, pauses
// that end with the power, and the one countdown to a reset that a request may start.
import type { Clock } from '../station/ports.ts'
import type { AccountBook } from './account.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import type { Visit } from './visit.ts'

/** The port a board is in, as the board sees it. */
export interface BoardPort {
  readonly clock: Clock
  readonly speed: number
  arrived(visit: Visit): void
  left(visit: Visit): void
  /** The board falls out of its port by itself. */
  dropped(): void
}

export interface Power {
  readonly port: BoardPort
  readonly timeline: Timeline
  /** Enumerates. */
  show(visit: Visit): void
  /** Leaves the bus: transfers under way end as gone. */
  hide(): void
  /** Acts after a pause at real speed, unless the power ends before. */
  after(ms: number, act: () => void): void
  /** As `after`; replaces the countdown that runs. */
  countDown(ms: number, act: () => void): void
  cancelCountdown(): void
  /** Leaves the bus and ends all pauses. */
  cut(): void
}

export function createPower(port: BoardPort, account: AccountBook): Power {
  const timeline = createTimeline(port.clock, port.speed)
  const life = new AbortController()
  let countdown = new AbortController()
  let visit: Visit | null = null

  const later = (ms: number, act: () => void, signals: readonly AbortSignal[]) => {
    const due = timeline.nowMs() + ms
    timeline.until(due, { signals, deadlineWallMs: Number.POSITIVE_INFINITY }).then(
      () => {
        // A wait that another reset cut short is no time that the board needed.
        account.time('waitMs', ms)
        act()
      },
      (thrown: unknown) => {
        if (!signals.some((signal) => signal.aborted)) throw thrown
      },
    )
  }
  const power: Power = {
    port,
    timeline,
    show: (shown) => {
      visit = shown
      port.arrived(shown)
    },
    hide: () => {
      const shown = visit
      if (!shown) return
      visit = null
      shown.endpoint.cut()
      port.left(shown)
    },
    after: (ms, act) => later(ms, act, [life.signal]),
    countDown: (ms, act) => {
      countdown.abort()
      countdown = new AbortController()
      later(ms, act, [life.signal, countdown.signal])
    },
    cancelCountdown: () => countdown.abort(),
    cut: () => {
      power.hide()
      countdown.abort()
      life.abort()
    },
  }
  return power
}
