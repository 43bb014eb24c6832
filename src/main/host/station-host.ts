// Entry of the USB process: owns the bus and the station on it, and nothing else. It ends when it is told to, when its
// parent is gone, or when it cannot begin.
import { asFault, assertNever, type Fault } from '../../shared/fault/fault.ts'
import { openLibrary } from '../station/firmware/library.ts'
import { createStation, type Station } from '../station/station.ts'
import { systemClock } from '../station/system-clock.ts'
import { startBenchOperator } from './bench-operator.ts'
import { inBenchOrder } from './bench-order.ts'
import type { FromHost, HostConfig, ToHost } from './link.ts'
import { linkedLog, linkedRecords } from './linked-ports.ts'
import { type OpenBus, openBus } from './open-bus.ts'
import { openParentPort } from './parent-port.ts'
import { rememberedShelf } from './remembered-shelf.ts'

const dumpsWithinMs = 2_000
/** Several times within the silence that the owner takes for a hanging process. */
const signOfLifeMs = 2_000

const port = openParentPort()
const send = (message: FromHost) => port.send(message)
const log = linkedLog(send)
const records = linkedRecords(send)
const ending = new AbortController()
let running: { readonly station: Station; readonly open: OpenBus } | null = null
/** Settles when the station stands: commands that come before wait for it, so none is lost and all keep their order. */
let begun: Promise<unknown> = Promise.resolve()

port.onLost(lost)
port.onMessage((message) => take(message as ToHost))
void showLife()

function take(message: ToHost): void {
  switch (message.kind) {
    case 'configure':
      begun = begin(message.config).catch(failed)
      break
    case 'command':
      begun = begun.then(() => running?.station.dispatch(message.command)).catch(complain)
      break
    case 'answer':
      records.answered(message.id, message.answer)
      break
    case 'stop':
      end().catch(complain)
      break
    default:
      assertNever(message)
  }
}

/** For as long as the process lives: one that hangs sends nothing. */
async function showLife(): Promise<never> {
  while (true) {
    send({ kind: 'alive' })
    await systemClock.sleep(signOfLifeMs)
  }
}

/** Without an owner no record can be committed: nothing more goes to a board. A simulated bench still leaves its dumps. */
function lost(): void {
  const dumps = running?.open.simulated ? running.open.close() : Promise.resolve()
  Promise.race([dumps, systemClock.sleep(dumpsWithinMs)])
    .catch(complain)
    .finally(() => process.exit(1))
}

/** The process could not begin; it stays, so that its owner can say why, and does nothing more. */
function failed(thrown: unknown): void {
  const { code, detail } = complain(thrown)
  send({ kind: 'failed', code, detail })
}

function complain(thrown: unknown): Fault {
  const fault = asFault(thrown)
  log.error(fault.code === 'INTERNAL' ? `${fault.message} ${fault.stack ?? ''}` : fault.message)
  return fault
}

async function begin(config: HostConfig): Promise<void> {
  const open = await openBus(config.bus, { clock: systemClock, log })
  const station = createStation(
    {
      bus: open.bus,
      records: records.sink,
      shelf: rememberedShelf(await openLibrary(config.libraryFolder, { clock: systemClock })),
      clock: systemClock,
      log,
    },
    { isSimulated: open.simulated !== null },
  )
  running = { station, open }
  station.watch((news) => send({ kind: 'news', news }))
  for (const command of config.setup) station.dispatch(inBenchOrder(command, open.simulated))
  if (open.simulated && config.bus.kind === 'simulated' && config.bus.operator) {
    startBenchOperator({
      bus: open.simulated,
      station,
      clock: systemClock,
      orders: config.bus.operator,
      signal: ending.signal,
      onDone: () => send({ kind: 'bench-done' }),
    })
  }
  send({ kind: 'ready' })
}

async function end(): Promise<void> {
  ending.abort()
  try {
    await running?.station[Symbol.asyncDispose]()
    await running?.open.close()
  } finally {
    process.exit(0)
  }
}
