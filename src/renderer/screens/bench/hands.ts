// What the hands do next at one slot, in a few words, and the longer sentence where a fault has one.

import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import { type FaultCode, faultCodes } from '../../../shared/fault/fault-codes.ts'
import { platformOrDevice } from '../../../shared/model/board-name.ts'
import { particleOf } from '../../../shared/model/identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { BenchMirror } from '../../station/mirror.ts'
import { bench, hands } from '../../text/bench.ts'
import { buttonName } from '../platform-family.ts'
import { needsFinger } from './needs-finger.ts'
import { asks } from './slot-acts.ts'
import { isIdentifiedOnly } from './verdict-of.ts'

/** urge: none waits, act asks for a hand now (blue), good and bad name a bin, look asks to read the tile. */
export interface HandsLine {
  readonly words: string
  readonly urge: 'none' | 'act' | 'good' | 'bad' | 'look'
}

/** What of the station decides about a slot. Primitives, so that a tile is drawn again only when one changes. */
export interface SlotSurroundings {
  readonly hasRecipe: boolean
  readonly autoStart: boolean
  readonly isLearning: boolean
  /** This very board failed in an earlier job. */
  readonly failedBefore: boolean
  /** The recipe comes from a pack that nobody signed, or nobody this station trusts. */
  readonly isUntrusted: boolean
}

export function surroundingsOf(mirror: BenchMirror, slot: number): SlotSurroundings {
  const station = mirror.station()
  return {
    hasRecipe: station !== null && station.recipeName !== null,
    autoStart: station?.autoStart === true,
    isLearning: station?.learningSlot === slot,
    failedBefore: mirror.failedBefore(slot),
    isUntrusted: station !== null && station.recipeWarning !== null,
  }
}

export function handsOf(view: SlotView, around: SlotSurroundings): HandsLine {
  if (around.isLearning) return { words: hands.plugHere, urge: 'act' }
  switch (view.state) {
    case 'empty':
      return { words: view.bystander === null ? hands.insert : hands.taken, urge: 'none' }
    case 'off':
      return { words: hands.assign, urge: 'none' }
    case 'identifying':
      return { words: hands.wait, urge: 'none' }
    case 'ready':
      return readyLine(view, around)
    case 'working':
      return { words: hands.doNotUnplug, urge: 'none' }
    case 'passed':
      return { words: isIdentifiedOnly(view) ? hands.nextBoard : hands.goodBin, urge: 'good' }
    default:
      return faultLine(view, around)
  }
}

function readyLine(view: SlotView, around: SlotSurroundings): HandsLine {
  if (!around.hasRecipe) return { words: hands.chooseRecipe, urge: 'act' }
  if (asks(view)) return { words: hands.sayYes, urge: 'act' }
  return around.autoStart ? { words: hands.wait, urge: 'none' } : { words: hands.start, urge: 'act' }
}

/** The fault of the slot, or of its job. */
export function faultOf(view: SlotView): FaultReport | null {
  return view.fault ?? view.job?.fault ?? null
}

/** What a slot says besides its hands line: the remedy of its fault, its question, or who is in the socket. */
export function wordsOf(view: SlotView): string | null {
  if (asks(view)) return `${bench.whichProduct} ${view.question}`
  if (view.state === 'empty' && view.bystander !== null) return view.bystander
  return remedyOf(view)
}

/** The remedy of the fault table: what the operator does now. */
function remedyOf(view: SlotView): string | null {
  const fault = faultOf(view)
  return fault === null ? null : describeFault(fault, whoseWords(view)).remedy
}

/** Whose words the fault of a slot is told in. Who needs a hand before it says who it is, is no Particle board. */
export function whoseWords(view: SlotView): string | null {
  return platformOrDevice(view.board) ?? (needsFinger(faultOf(view)) ? 'device' : null)
}

function faultLine(view: SlotView, around: SlotSurroundings): HandsLine {
  const fault = faultOf(view)
  if (fault !== null && needsFinger(fault)) return byFinger(view, fault.code)
  if (fault !== null && notBad.has(fault.code)) return { words: hands.putAside, urge: 'look' }
  if (view.state === 'failed') return failedLine(fault, around)
  if (fault === null) return { words: hands.reseat, urge: 'look' }
  return { words: errorWords[fault.code] ?? wordsByRetry(fault.code), urge: 'look' }
}

/** Nothing is wrong with the board: it waits for a finger. */
function byFinger({ board }: SlotView, code: FaultCode): HandsLine {
  const particle = particleOf(board)
  if (particle === null) return { words: hands.bootloader, urge: 'act' }
  if (code !== 'DFU_BY_BUTTON') return { words: hands.pressReset, urge: 'act' }
  return { words: hands.holdButton(buttonName(particle.platform)), urge: 'act' }
}

function failedLine(fault: FaultReport | null, around: SlotSurroundings): HandsLine {
  const mayRetry = fault !== null && faultCodes[fault.code].retry !== 'never'
  if (!mayRetry || around.failedBefore) return { words: hands.redBin, urge: 'bad' }
  return { words: hands.retryThenRedBin, urge: 'bad' }
}

function wordsByRetry(code: FaultCode): string {
  const row = faultCodes[code]
  if (row.retry !== 'never') return hands.reseat
  return row.outcome === 'fail' ? hands.putAside : hands.callHelp
}

/** Nothing is broken: the board only does not belong in the good bin. */
const notBad: ReadonlySet<FaultCode> = new Set([
  'DEVICE_PROTECTED',
  'READ_PROTECTED',
  'BOARD_WITHOUT_ID',
  'BOARD_DIFFERS',
  'DFU_OTHER_PROTOCOL',
  'DFU_POLL_ABSURD',
])

/** Where the general words would send the hands the wrong way. */
const errorWords: Partial<Readonly<Record<FaultCode, string>>> = {
  USB_BUSY: hands.retry,
  PORT_UNASSIGNED: hands.assign,
  BOARD_SWAPPED: hands.putAside,
  IDENTITY_UNREADABLE: hands.retry,
  PLAN_REFUSED: hands.putAside,
  FIRMWARE_MISSING: hands.callHelp,
}
