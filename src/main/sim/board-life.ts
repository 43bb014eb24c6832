// The life of a board in its port: power on, boot, enumerate, count down to a reset, come back in another mode or not at
// all. Each act waits on the board's own timeline and ends when the power does.
import type { Clock } from '../station/ports.ts'
import type { AccountBook } from './account.ts'
import { type BoardActs, dfuVisit, normalVisit } from './board-modes.ts'
import type { BoardFacts, BootMode } from './board-parts.ts'
import type { BoardSpec } from './board-spec.ts'
import { boot, isBricked } from './boot/boot.ts'
import type { Protection } from './dfu/dfu-face.ts'
import type { BoardMemory } from './dfu/dfu-memory.ts'
import type { FaultScript } from './fault-script.ts'
import type { PlatformLayout } from './layouts.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import { pauses } from './timings.ts'
import type { Visit } from './visit.ts'

/** dead: no bootloader, or a fault that keeps it away; only a hand ends it. */
export type BoardMode = BootMode | 'unplugged' | 'booting' | 'dead'

/** The port a board is in, as the board sees it. */
export interface BoardPort {
  readonly clock: Clock
  readonly speed: number
  arrived(visit: Visit): void
  left(visit: Visit): void
  /** The board falls out of its port by itself. */
  dropped(): void
}

/** From plug to unplug. */
interface Power {
  readonly port: BoardPort
  readonly timeline: Timeline
  readonly life: AbortController
  countdown: AbortController | null
  visit: Visit | null
}

export interface Board {
  readonly spec: BoardSpec
  readonly layout: PlatformLayout
  readonly chips: BoardMemory
  readonly account: AccountBook
  readonly script: FaultScript
  facts: BoardFacts
  protection: Protection
  mode: BoardMode
  dfuEntries: number
  power: Power | null
}

type Into = 'boot' | 'dfu' | 'safe'

export function powerOn(board: Board, port: BoardPort, into: Into = board.spec.start === 'dfu' ? 'dfu' : 'boot'): void {
  const timeline = createTimeline(port.clock, port.speed)
  board.power = { port, timeline, life: new AbortController(), countdown: null, visit: null }
  board.mode = 'booting'
  wait(board, pauses.powerOnMs, () => start(board, into))
}

export function powerOff(board: Board): void {
  const { power } = board
  if (!power) return
  leaveBus(board)
  power.countdown?.abort()
  power.life.abort()
  board.power = null
  board.mode = 'unplugged'
}

/**
 * A hand holds MODE, taps RESET, and lets go when the light blinks yellow: the board begins anew and stays in its
 * bootloader, whatever it was about to do. Nothing without power.
 */
export function resetHoldingMode(board: Board): void {
  const port = board.power?.port
  if (!port) return
  powerOff(board)
  powerOn(board, port, 'dfu')
}

/** From reset to enumeration. `isFromDfu`: the reset came from the bootloader, by leave. */
function start(board: Board, into: Into, isFromDfu = false): void {
  board.mode = 'booting'
  if (into === 'dfu') {
    if (isBricked(board.facts, board.chips)) board.mode = 'dead'
    else wait(board, board.layout.dfuEnumerationMs, () => enumerate(board, 'dfu'))
    return
  }
  const result = boot(board.facts, board.chips, { safeMode: into === 'safe' })
  if (result.isBricked) {
    board.mode = 'dead'
    return
  }
  const forced = isFromDfu ? board.script.strike('boots-into', () => true) : null
  const mode = forced?.mode ?? result.mode
  wait(board, result.durationMs, () => {
    enumerate(board, mode)
    if (result.resetsAgain) wait(board, pauses.shortVisitMs, () => reset(board, 'boot'))
  })
}

function enumerate(board: Board, mode: BootMode): void {
  const { power } = board
  if (!power) return
  const request = { board, timeline: power.timeline, acts: actsOn(board, power) }
  const visit = mode === 'dfu' ? dfuVisit(request) : normalVisit(request, mode)
  board.mode = mode
  power.visit = visit
  power.port.arrived(visit)
}

function reset(board: Board, into: Into): void {
  // What was about to happen is forgotten with the reset.
  board.power?.countdown?.abort()
  const isFromDfu = board.mode === 'dfu'
  leaveBus(board)
  if (strikeReturn(board, 'never-back', { into, isFromDfu })) {
    board.mode = 'dead'
    return
  }
  if (strikeReturn(board, 'another-board', { into, isFromDfu })) board.facts = strangerTo(board.facts)
  start(board, into, isFromDfu)
}

interface Return {
  readonly into: Into
  readonly isFromDfu: boolean
}

function strikeReturn(board: Board, kind: 'never-back' | 'another-board', { into, isFromDfu }: Return): boolean {
  const fault = board.script.strike(kind, ({ when }) => {
    if (when === 'any') return true
    return when === 'from-dfu' ? isFromDfu : into === 'dfu'
  })
  return fault !== null
}

function leaveBus(board: Board): void {
  const { power } = board
  const visit = power?.visit
  if (!power || !visit) return
  power.visit = null
  visit.endpoint.cut()
  power.port.left(visit)
}

function actsOn(board: Board, power: Power): BoardActs {
  const drop = () => {
    if (board.power === power) power.port.dropped()
  }
  return {
    unplug: drop,
    unplugAfter: (delayMs) => wait(board, delayMs, drop),
    resetNow: () => reset(board, 'boot'),
    reattach: () => {
      leaveBus(board)
      wait(board, pauses.reattachMs, () => enumerate(board, 'dfu'))
    },
    cancelReset: () => power.countdown?.abort(),
    resetAfter: (delayMs, into) => {
      power.countdown?.abort()
      if (board.mode === 'dfu' && board.script.strike('stays-in-dfu', () => true)) return
      power.countdown = new AbortController()
      later(board, power, { ms: delayMs, countdown: power.countdown.signal, act: () => reset(board, into) })
    },
  }
}

/** Acts after a pause of the board, unless the power ends before. */
function wait(board: Board, ms: number, act: () => void): void {
  if (board.power) later(board, board.power, { ms, act })
}

interface Later {
  readonly ms: number
  readonly act: () => void
  /** Ends the wait without the act. */
  readonly countdown?: AbortSignal
}

function later(board: Board, power: Power, { ms, act, countdown }: Later): void {
  const signals = countdown ? [power.life.signal, countdown] : [power.life.signal]
  const due = power.timeline.nowMs() + ms
  power.timeline.until(due, { signals, deadlineWallMs: Number.POSITIVE_INFINITY }).then(
    () => {
      // A wait that another reset cut short is no time that the board needed.
      board.account.time('waitMs', ms)
      act()
    },
    (thrown: unknown) => {
      if (!signals.some((signal) => signal.aborted)) throw thrown
    },
  )
}

/** The same kind of board with another device ID. */
function strangerTo(facts: BoardFacts): BoardFacts {
  const last = (Number.parseInt(facts.deviceId.slice(-6), 16) ^ 0xa5a5a5).toString(16).padStart(6, '0')
  return { ...facts, deviceId: facts.deviceId.slice(0, -6) + last, serialNumber: `${facts.serialNumber.slice(0, -1)}Z` }
}
