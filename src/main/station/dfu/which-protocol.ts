// Which of the two protocols a loader speaks. Its version and its memory map tell; where they contradict each other, or a
// version is forced upon it, the loader itself is asked: one of DfuSe answers an upload of block 0 with the list of its
// commands (UM0424), one of plain DFU with the beginning of its memory. To take the one for the other would write an image
// to the wrong place, and read it back from there as if all were well.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import { lostFault } from './dfu-faults.ts'
import { abort, enterMemory } from './enter.ts'
import { type DfuFacts, dfuVersions, plainVersions } from './facts.ts'
import type { DfuHabits } from './habits.ts'
import { home } from './home.ts'
import type { LoaderMemory } from './loader-memories.ts'
import type { Dfu } from './machine.ts'
import { isInError } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { commandBlock, dfuseCommands } from './words.ts'

interface Told {
  readonly facts: DfuFacts
  readonly memories: readonly LoaderMemory[]
  readonly habits: DfuHabits
}

/** One that need not be asked; null where it must be. */
export function plainlyTold({ facts, memories, habits }: Told): DfuProtocol | null {
  const { announcedVersion, version, canUpload } = facts
  const hasMap = memories.some(({ map }) => map !== null)
  const isDfuse = version === dfuVersions.dfuse
  const isForced = habits.forcedVersion !== null && version !== announcedVersion
  if (isDfuse === hasMap && !(isDfuse && isForced)) return isDfuse ? 'dfuse' : 'dfu'
  if (!isDfuse && isForced) return 'dfu'
  // Who cannot upload cannot be asked, and nothing can be read back from the wrong place either.
  if (!canUpload) return isDfuse ? 'dfuse' : 'dfu'
  return null
}

/** Throws DFU_PROTOCOL of a loader that is to speak DfuSe, and answers neither as that nor as what it announces. */
export function* askProtocol(state: SessionState, { version, announcedVersion }: DfuFacts): Dfu<DfuProtocol> {
  const first = yield* askCommands(state)
  // What was wrong may have been the state it was in: it is in dfuIDLE for certain now.
  const told = first === 'refusal' ? yield* askCommands(state) : first
  if (told === 'commands') return 'dfuse'
  if (version !== dfuVersions.dfuse) return 'dfu'
  // A loader that refuses the question, which some do not know, may still be what it says it is.
  if (told === 'refusal' && !isPlain(announcedVersion)) return 'dfuse'
  if (told === 'memory' && announcedVersion !== null) return 'dfu'
  throw new Fault('DFU_PROTOCOL', 'the device is to speak DfuSe, and does not answer as it does')
}

const mostCommands = 16

function isPlain(announcedVersion: number | null): boolean {
  return announcedVersion !== null && plainVersions.includes(announcedVersion)
}

function* askCommands(state: SessionState): Dfu<'commands' | 'memory' | 'refusal' | 'nothing'> {
  yield* enterMemory(state, state.alternate ?? 0, 'idle')
  if (state.family.abortsBeforeUpload) yield* abort(state)
  const { blockBytes: lengthBytes, family } = state
  state.phase = 'unknown'
  const reply = yield { kind: 'read', block: commandBlock, lengthBytes, timeoutMs: family.transferTimeoutMs }
  if (reply.kind === 'lost') throw lostFault({ purpose: 'read', detail: 'asking for its commands' }, reply.fault)
  const isRefused = reply.kind === 'stalled' && (yield* isInError(family))
  yield* home(state)
  if (isRefused) return 'refusal'
  if (reply.kind !== 'data' || reply.data.length === 0) return 'nothing'
  return isCommandList(reply.data) ? 'commands' : 'memory'
}

/** "Get" is the first, and nobody can do without the other two. */
function isCommandList(bytes: Uint8Array): boolean {
  const { SET_ADDRESS, ERASE } = dfuseCommands
  return bytes.length <= mostCommands && bytes[0] === 0 && bytes.includes(SET_ADDRESS) && bytes.includes(ERASE)
}
