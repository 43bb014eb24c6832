// Entry of the USB process: owns the bus and the station on it, and nothing else. It ends when it is told to, when its
// parent is gone, or when it cannot begin.
import { asFault } from '../../shared/fault/fault.ts'
import { openLibrary } from '../station/firmware/library.ts'
import { createStation, type Station } from '../station/station.ts'
import type { StationCommand } from '../station/station-command.ts'
import { systemClock } from '../station/system-clock.ts'
import { startBenchOperator } from './bench-operator.ts'
import type { FromHost, HostConfig, ToHost } from './link.ts'
import { linkedLog, linkedRecords } from './linked-ports.ts'
import { type OpenBus, openBus } from './open-bus.ts'
import { openParentPort } from './parent-port.ts'
import { rememberedShelf } from './remembered-shelf.ts'

const port = openParentPort()
const send = (message: FromHost) => port.send(message)
const log = linkedLog(send)
const records = linkedRecords(send)
const ending = new AbortController()
let running: { readonly station: Station; readonly open: OpenBus } | null = null

port.onLost(() => process.exit(1))
port.onMessage((message) => {
  take(message as ToHost).catch((thrown) => {
    const fault = asFault(thrown)
    log.error(`${fault.message} ${fault.stack ?? ''}`)
    send({ kind: 'failed', code: fault.code, detail: fault.detail })
  })
})

async function take(message: ToHost): Promise<void> {
  switch (message.kind) {
    case 'configure':
      return begin(message.config)
    case 'command':
      return running?.station.dispatch(message.command)
    case 'answer':
      return records.answered(message.id, message.answer)
    case 'stop':
      return end()
  }
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
  for (const command of config.setup) station.dispatch(inBenchOrder(command, open))
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

/** A simulated bench knows its ports: its first board stands in slot 1, whoever enumerates first. */
function inBenchOrder(command: StationCommand, open: OpenBus): StationCommand {
  if (command.kind !== 'assign' || !open.simulated) return command
  const boards = open.simulated.boards()
  return { ...command, ports: command.ports.map((known, at) => known ?? boards[at]?.portPath ?? null) }
}

async function end(): Promise<void> {
  ending.abort()
  await running?.station[Symbol.asyncDispose]()
  await running?.open.close()
  process.exit(0)
}
