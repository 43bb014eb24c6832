// Out of a running program into its loader: DFU_DETACH, and the bus reset that has to follow where the device does not leave
// the bus by itself (USB DFU 1.1, section 5.1). It does not wait for what comes back; whoever watches the bus does.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { type DfuDevice, resetBus } from './drive.ts'
import { createErasedSectors } from './erased-sectors.ts'
import { type DfuFacts, detachIndexOf, readAllDfuFacts, refuseOtherProtocol } from './facts.ts'
import type { DfuHabits } from './habits.ts'
import { loaderFamily } from './loader-family.ts'
import { type Detached, detachFrom } from './run-time.ts'
import type { SessionState } from './session-state.ts'
import { newVisit, run } from './visit.ts'

export interface DetachOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly habits: DfuHabits
  /** Of several run-time interfaces that one; the first by default. */
  readonly interfaceNumber?: number
}

export interface DetachReport {
  /** already there: it is in DFU mode, nothing was sent. */
  readonly how: 'by itself' | 'bus reset' | 'already there'
}

/**
 * Opens the device, and closes it again whatever happens. Throws DFU_BY_BUTTON where a person has to do it,
 * DFU_OTHER_PROTOCOL, DFU_PROTOCOL where there is no run-time interface, USB_*, JOB_ABORTED.
 */
export async function detach(device: DfuDevice, options: DetachOptions): Promise<DetachReport> {
  const { signal, habits } = options
  if (habits.needsBootloader || habits.noDfuRuntime) {
    throw new Fault('DFU_BY_BUTTON', `${device.portPath}: its program does not bring it into DFU mode`)
  }
  const facts = runtimeFacts(device, options)
  await device.open(signal)
  try {
    await device.claim(facts.interfaceNumber)
    const detached = await ask(device, facts, options)
    if (detached !== 'needs reset') return { how: detached }
    if (habits.noBusResetAttach) return { how: 'by itself' }
    await resetBus({ device, signal })
    return { how: 'bus reset' }
  } finally {
    await device.close()
  }
}

/**
 * One more bus reset, for devices that need it to start their program (attach-extra-reset). Opens the device, and closes
 * it again. That it is gone afterwards is no error.
 */
export async function resetDevice(device: DfuDevice, signal: AbortSignal): Promise<void> {
  await device.open(signal)
  try {
    await resetBus({ device, signal })
  } finally {
    await device.close()
  }
}

function runtimeFacts(device: DfuDevice, { habits, interfaceNumber }: DetachOptions): DfuFacts {
  const all = readAllDfuFacts(device, habits).filter(
    (each) => interfaceNumber === undefined || each.interfaceNumber === interfaceNumber,
  )
  const facts = all.find(({ mode }) => mode === 'normal') ?? all[0]
  if (!facts) throw new Fault('DFU_PROTOCOL', `${device.portPath}: the device has no such DFU interface`)
  refuseOtherProtocol(device, facts)
  return facts
}

function ask(device: DfuDevice, facts: DfuFacts, { clock, signal, habits }: DetachOptions): Promise<Detached> {
  const state: SessionState = {
    family: loaderFamily(facts, habits, 'dfu'),
    blockBytes: facts.transferBytes,
    erased: createErasedSectors(),
    phase: 'unknown',
    promptAt: new Set(),
    bornStalls: 0,
    alternate: null,
  }
  const { interfaceNumber } = facts
  const visit = newVisit(state, { device, interfaceNumber, clock, signal, detachIndex: detachIndexOf(facts, habits) })
  return run(visit, detachFrom(state, facts), () => {})
}
