// The ways out of a loader: the leave of DfuSe, a DFU_DETACH, a bus reset, or none because the device goes by itself. Which
// one follows from its protocol, its descriptors and its habits.
import { resetBus } from './drive.ts'
import { leaveDfu } from './leave.ts'
import type { Loader } from './loader.ts'
import { detachBack, touchUpload } from './part-loader.ts'
import { run } from './visit.ts'

export interface LoaderLeave {
  readonly how: 'leave request' | 'detach' | 'bus reset' | 'by itself'
  /** The state the device reported last; null when it was gone already, or was not asked. */
  readonly lastState: string | null
  /** False when it reported another state than one on its way out: it may stay. */
  readonly isExpected: boolean
}

const defaultDetachMs = 1_000

/** A device whose download has ended with a wait for a bus reset gets that. */
export async function leaveLoader(loader: Loader, address: number | null): Promise<LoaderLeave> {
  const { visit, protocol, facts, habits, hasMoved } = loader
  const { state } = visit
  if (state.phase === 'left') return resetOut(loader)
  if (habits.detachForAttach) {
    await run(visit, detachBack(state, facts.detachTimeoutMs || defaultDetachMs), () => {})
    return { how: 'detach', lastState: null, isExpected: true }
  }
  if (protocol === 'dfuse') {
    return { how: 'leave request', ...(await run(visit, leaveDfu(state, address), () => {})) }
  }
  if (habits.attachUploadDownload && !hasMoved) await run(visit, touchUpload(state), () => {})
  if (!habits.noBusResetAttach || !facts.willDetach) return resetOut(loader)
  state.phase = 'left'
  return { how: 'by itself', lastState: null, isExpected: true }
}

async function resetOut(loader: Loader): Promise<LoaderLeave> {
  await resetLoader(loader)
  return { how: 'bus reset', lastState: null, isExpected: true }
}

/** A device that a bus reset takes off the bus has done what it was asked. */
export async function resetLoader({ visit }: Loader): Promise<void> {
  visit.state.phase = 'left'
  await resetBus(visit.link)
}
