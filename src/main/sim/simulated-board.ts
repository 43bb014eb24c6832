// One simulated board as the bench holds it: plug it in, unplug it, read its chips and its account. What happens in
// between is in board-life.ts.
import { type BoardAccount, createAccountBook } from './account.ts'
import { type Board, type BoardMode, powerOff, powerOn, resetHoldingMode } from './board-life.ts'
import type { BoardFacts } from './board-parts.ts'
import type { BoardSpec } from './board-spec.ts'
import type { BoardMemory } from './dfu/dfu-memory.ts'
import { factoryMemory } from './factory-memory.ts'
import { createFaultScript } from './fault-script.ts'
import { layoutWith, type PlatformLayout } from './layouts.ts'
import type { BoardPort } from './power.ts'

export interface SimulatedBoard {
  readonly kind: 'board'
  /** The identity it shows now; a scripted fault may change it. */
  facts(): BoardFacts
  readonly spec: BoardSpec
  readonly chips: BoardMemory
  mode(): BoardMode
  account(): BoardAccount
  /** The hand at the buttons: MODE held over a tap on RESET brings the board into DFU mode. Nothing without power. */
  holdMode(): void
  /** Power on in this port. For the bus. */
  plug(port: BoardPort): void
  /** Power off. For the bus. */
  unplug(): void
}

/** A board with the firmware its spec asks for, or with the given memory. */
export function createSimulatedBoard(
  spec: BoardSpec,
  chips: BoardMemory = factoryMemory(layoutOf(spec), spec.deviceOs),
): SimulatedBoard {
  const board: Board = {
    spec,
    chips,
    layout: layoutOf(spec),
    account: createAccountBook(),
    script: createFaultScript(spec.faults),
    facts: spec.facts,
    protection: spec.protection,
    mode: 'unplugged',
    dfuEntries: 0,
    power: null,
  }
  return {
    kind: 'board',
    spec,
    chips,
    facts: () => board.facts,
    mode: () => board.mode,
    account: () => board.account.snapshot(),
    holdMode: () => resetHoldingMode(board),
    plug: (port) => powerOn(board, port),
    unplug: () => powerOff(board),
  }
}

function layoutOf({ facts, externalMegabytes }: BoardSpec): PlatformLayout {
  return layoutWith(facts.platform, externalMegabytes)
}
