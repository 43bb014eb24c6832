// How long each step of a plan may take, from the flash times of the chip family: the weights of the progress bar and
// the time left. A guess that is corrected by the clock as the job goes; nothing waits by it.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { Plan, PlanStep } from '../../../shared/model/plan.ts'
import type { McuFamily } from '../platforms/platform-facts.ts'
import { platformOf } from '../platforms/platforms.ts'

interface FlashPace {
  readonly sectorBytes: number
  readonly eraseMs: number
  /** Program and wire, for 4 KiB. */
  readonly writeMs: number
}

/** Typical data-sheet figures and a full-speed bus; see the README of the simulator for their sources. */
const paces: Readonly<Record<McuFamily, FlashPace>> = {
  stm32f2: { sectorBytes: 128 * 1024, eraseMs: 1000, writeMs: 26 },
  nrf52840: { sectorBytes: 4096, eraseMs: 85, writeMs: 52 },
  rtl872x: { sectorBytes: 4096, eraseMs: 50, writeMs: 20 },
}
const blockBytes = 4096
const readMsPerBlock = 10
const enterDfuMs = 2_000
const leaveMs = 3_500
const proveMs = 500
const updateRoundMs = 6
const updateChunkBytes = 1024
const applyMs = 5_000
/** Over a serial line to the network processor. */
const applyNcpMs = 40_000
const setUpMs = 50

export function estimateMs(plan: Plan, step: PlanStep): number {
  const pace = paces[platformOf(plan.platform).mcu]
  switch (step.kind) {
    case 'update':
      // A bootloader of the right version is nearly always the right one.
      if (step.onlyIfDifferent || step.onlyIfOlder) return 0
      return sendMs(step.module.sizeBytes) + (step.module.kind === 'ncp' ? applyNcpMs : applyMs)
    case 'asset':
      return sendMs(step.asset.sizeBytes) + applyMs
    case 'set-up':
      return setUpMs
    case 'stage':
      return step.onlyIfDifferent ? 0 : writeMs(pace, step.range.sizeBytes) + readMs(step.range.sizeBytes)
    case 'enter-dfu':
      return enterDfuMs
    case 'clear':
      return writeMs(pace, step.range.sizeBytes)
    case 'write':
      return step.mayHold ? readMs(step.range.sizeBytes) : writeMs(pace, step.range.sizeBytes)
    case 'verify':
    case 'examine':
    case 'examine-blank':
      return readMs(step.range.sizeBytes)
    case 'leave-dfu':
      return leaveMs
    case 'prove':
    case 'judge':
    case 'identify':
      return proveMs
    default:
      return assertNever(step)
  }
}

function sendMs(sizeBytes: number): number {
  return (sizeBytes / updateChunkBytes) * updateRoundMs
}

function readMs(sizeBytes: number): number {
  return (sizeBytes / blockBytes) * readMsPerBlock
}

function writeMs(pace: FlashPace, sizeBytes: number): number {
  return Math.ceil(sizeBytes / pace.sectorBytes) * pace.eraseMs + (sizeBytes / blockBytes) * pace.writeMs
}
