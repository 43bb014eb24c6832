// The life of a board in its port: power on, boot, enumerate, count down to a reset, come back in another mode or not at
// all. Each act waits on the board's own timeline and ends when the power does.
import type { AccountBook } from './account.ts'
import { type BoardActs, dfuVisit, normalVisit } from './board-modes.ts'
import type { BoardFacts, BootMode } from './board-parts.ts'
import type { BoardSpec } from './board-spec.ts'
import { boot, isBricked } from './boot/boot.ts'
import type { Protection } from './dfu/dfu-face.ts'
import type { BoardMemory } from './dfu/dfu-memory.ts'
import type { FaultScript } from './fault-script.ts'
import type { PlatformLayout } from './layouts.ts'
import { type BoardPort, createPower, type Power } from './power.ts'
import { pauses } from './timings.ts'

/** dead: no bootloader, or a fault that keeps it away; only a hand ends it. */
export type BoardMode = BootMode | 'unplugged' | 'booting' | 'dead'

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
  board.power = createPower(port, board.account)
  board.mode = 'booting'
  wait(board, pauses.powerOnMs, () => start(board, into))
}

export function powerOff(board: Board): void {
  const { power } = board
  if (!power) return
  power.cut()
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
  power.show(visit)
}

function reset(board: Board, into: Into): void {
  // What was about to happen is forgotten with the reset.
  board.power?.cancelCountdown()
  const isFromDfu = board.mode === 'dfu'
  board.power?.hide()
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

function actsOn(board: Board, power: Power): BoardActs {
  const drop = () => {
    if (board.power === power) power.port.dropped()
  }
  return {
    unplug: drop,
    unplugAfter: (delayMs) => wait(board, delayMs, drop),
    resetNow: () => reset(board, 'boot'),
    reattach: () => {
      power.hide()
      wait(board, pauses.reattachMs, () => enumerate(board, 'dfu'))
    },
    cancelReset: () => power.cancelCountdown(),
    resetAfter: (delayMs, into, finish) => {
      power.cancelCountdown()
      if (board.mode === 'dfu' && board.script.strike('stays-in-dfu', () => true)) return
      power.countDown(delayMs, () => {
        finish?.()
        reset(board, into)
      })
    },
  }
}

/** Acts after a pause of the board, unless the power ends before. */
function wait(board: Board, ms: number, act: () => void): void {
  board.power?.after(ms, act)
}

/** The same kind of board with another device ID. */
function strangerTo(facts: BoardFacts): BoardFacts {
  const last = (Number.parseInt(facts.deviceId.slice(-6), 16) ^ 0xa5a5a5).toString(16).padStart(6, '0')
  return { ...facts, deviceId: facts.deviceId.slice(0, -6) + last, serialNumber: `${facts.serialNumber.slice(0, -1)}Z` }
}
