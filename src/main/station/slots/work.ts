// A job in a slot: run, shown while it runs, and its verdict told. No verdict but the one that is in the ledger.
import { asFault, reportOf } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import { boardName } from '../../../shared/model/board-name.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { outcomeOf } from '../jobs/outcome.ts'
import { runJob } from '../jobs/run-job.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Place, SlotLife } from './slot-life.ts'
import type { Held } from './verdict.ts'

/** The recipe says that it is at its end: no record is opened, and nothing is amiss. */
const recipeEnds: ReadonlySet<FaultCode> = new Set(['RECIPE_LIMIT_REACHED', 'RECIPE_EXPIRED'])

/** Resolves with what its verdict holds on to: in place of the board, the stranger it was exchanged for in mid-job. */
export async function work(
  life: SlotLife,
  { port, signal }: Place,
  visitor: { readonly board: ParticleIdentity; readonly device: UsbDevice },
): Promise<Held> {
  const { clock, log, shelf, records, isSimulated, recipe, operator } = life.tools
  const chosen = recipe()
  const worked: Held = { stays: boardName(visitor.board), isLost: false, device: visitor.device }
  if (!chosen) return worked
  const { slot } = life.view()
  const stop = new AbortController()
  life.job = stop
  life.apply({ kind: 'started', recipeName: chosen.recipe.name, job: chosen.recipe.job })
  const startedAt = clock.monotonic()
  try {
    const { stranger, device, ...result } = await runJob({
      ...visitor,
      slot,
      port,
      recipe: chosen,
      operator: operator(),
      isSimulated,
      clock,
      log,
      shelf,
      records,
      tell: life.apply,
      signal: AbortSignal.any([signal, stop.signal]),
    })
    life.apply({ kind: 'finished', ...result, endedAt: clock.now() })
    const isNoOther = port.current() === null || port.current() === device
    return { stays: stranger ?? worked.stays, isLost: result.fault?.code === 'USB_GONE' && isNoOther, device }
  } catch (thrown) {
    // The record could not be opened or closed: whatever the board holds now, nobody may call it passed.
    const fault = asFault(thrown)
    if (recipeEnds.has(fault.code)) log.info(`slot ${slot}: ${fault.message}`)
    else log.error(`slot ${slot}: ${fault.message} ${fault.stack ?? ''}`)
    const durationMs = Math.round(clock.monotonic() - startedAt)
    const outcome = outcomeOf(fault)
    life.apply({ kind: 'finished', outcome, fault: reportOf(fault), durationMs, endedAt: clock.now() })
    return worked
  } finally {
    life.job = null
  }
}
