// A job in a slot: run, shown while it runs, and its verdict told. No verdict but the one that is in the ledger.
import { asFault, reportOf } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import type { ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import { runDeviceJob } from '../device-jobs/run-device-job.ts'
import { deviceKind } from '../devices/device-kind.ts'
import type { JobOrder, JobResult } from '../jobs/job-order.ts'
import { outcomeOf } from '../jobs/outcome.ts'
import { runJob } from '../jobs/run-job.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Place, SlotLife } from './slot-life.ts'
import { namedBy } from './standing.ts'
import type { Held } from './verdict.ts'
import { keeperOf, keeperOfStranger } from './whose-verdict.ts'

/** The recipe says that it is at its end: no record is opened, and nothing is amiss. */
const recipeEnds: ReadonlySet<FaultCode> = new Set(['RECIPE_LIMIT_REACHED', 'RECIPE_EXPIRED'])

export interface Visitor {
  readonly board: BoardIdentity
  readonly device: UsbDevice
}

/** Resolves with what its verdict holds on to: in place of the board, the stranger it was exchanged for in mid-job. */
export async function work(life: SlotLife, place: Place, visitor: Visitor): Promise<Held> {
  const { clock, log, recipe } = life.tools
  const { board } = visitor
  const chosen = recipe()
  if (!chosen)
    return { keeper: keeperOf(life, { ...visitor, isThere: true }, null), isLost: false, device: visitor.device }
  const { slot } = life.view()
  const stop = new AbortController()
  life.job = stop
  life.apply({ kind: 'started', recipeName: chosen.recipe.name, job: chosen.recipe.job })
  const startedAt = clock.monotonic()
  try {
    const signal = AbortSignal.any([place.signal, stop.signal])
    const { stranger, device, ...result } = await run(life, place, { visitor, recipe: chosen, signal })
    life.apply({ kind: 'finished', ...result, endedAt: clock.now() })
    const now = place.port.current()
    const isLost = result.fault?.code === 'USB_GONE' && (now === null || now === device)
    const keeper =
      stranger === null
        ? keeperOf(life, { board, device, isThere: now === device }, chosen)
        : keeperOfStranger(life, board, { name: stranger, device: now ?? device })
    return { keeper, isLost, device }
  } catch (thrown) {
    // The record could not be opened or closed: whatever the board holds now, nobody may call it passed.
    const fault = asFault(thrown)
    if (recipeEnds.has(fault.code)) log.info(`slot ${slot}: ${fault.message}`)
    else log.error(`slot ${slot}: ${fault.message} ${fault.stack ?? ''}`)
    const durationMs = Math.round(clock.monotonic() - startedAt)
    const outcome = outcomeOf(fault)
    life.apply({ kind: 'finished', outcome, fault: reportOf(fault), durationMs, endedAt: clock.now() })
    return { keeper: keeperOf(life, { ...visitor, isThere: true }, chosen), isLost: false, device: visitor.device }
  } finally {
    life.job = null
  }
}

interface Task {
  readonly visitor: Visitor
  readonly recipe: ResolvedRecipe
  readonly signal: AbortSignal
}

/** The one job there is, by the kind of board. */
function run(life: SlotLife, { port }: Place, { visitor, recipe, signal }: Task): Promise<JobResult> {
  const { clock, log, shelf, records, isSimulated, operator, quirks, twins } = life.tools
  const { board, device } = visitor
  const common = { clock, log, shelf, records, isSimulated, operator: operator(), tell: life.apply }
  const order: Omit<JobOrder, 'port'> = { ...common, slot: life.view().slot, device, recipe, signal }
  if (board.kind === 'particle') {
    const boards = port.only((each) => deviceKind(each, quirks()) !== 'other')
    return runJob({ ...order, board, port: boards })
  }
  const target = namedBy(recipe, device, life.kin?.name)
  const { twinsOf } = twins
  return runDeviceJob({ ...order, board, port, quirks: quirks(), twinsOf, ...(target && { target }) })
}
