// The station: boards arrive on ports, ports belong to slots, each slot works for itself. This file only composes; read
// it as the table of contents of the line.
import { asFault, assertNever } from '../../shared/fault/fault.ts'
import type { ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import { stationQuirks } from './devices/known-quirks.ts'
import type { QuirkBook } from './devices/quirk-file.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from './ports.ts'
import { type Bench, createBench } from './slots/bench.ts'
import type { StationCommand, StationNews } from './station-command.ts'
import type { UsbBus, UsbDevice } from './usb/usb-port.ts'

export interface StationPorts {
  readonly bus: UsbBus
  readonly records: RecordSink
  readonly shelf: FirmwareShelf
  readonly clock: Clock
  readonly log: Log
}

export interface Station {
  /** Commands take effect in the order given. */
  dispatch(command: StationCommand): void
  watch(listener: (news: StationNews) => void): () => void
  slots(): readonly SlotView[]
  /** Aborts running jobs, waits for their records to close; the bus stays open. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Changes of a bench are told together, this often. */
const frameMs = 100

export function createStation(ports: StationPorts, facts: { readonly isSimulated: boolean }): Station {
  const listeners = new Set<(news: StationNews) => void>()
  const tell = (news: StationNews) => {
    for (const listener of [...listeners]) listener(news)
  }
  const now: Wishes = { recipe: null, autoStart: false, operator: null, quirks: stationQuirks(null) }
  const frames = collectFrames(ports.clock, (slots) => tell({ kind: 'slots', slots }))
  const bench = createBench({
    ...ports,
    isSimulated: facts.isSimulated,
    recipe: () => now.recipe,
    quirks: () => now.quirks,
    autoStart: () => now.autoStart,
    operator: () => now.operator,
    changed: frames.add,
    learnt: (slot, portPath) => tell({ kind: 'learnt', slot, portPath }),
    strays: (stray) => tell({ kind: 'strays', ports: stray }),
  })
  const stopBus = watchBus(ports.bus, bench)

  return {
    dispatch: (command) => {
      if (command.kind === 'quirks') now.quirks = quirksOf(command.text, ports.log)
      dispatch(command, now, bench)
    },
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    slots: () => bench.slots(),
    [Symbol.asyncDispose]: async () => {
      stopBus()
      await bench.end()
      frames.flush()
    },
  }
}

/** Everything on the bus: what of it is a board depends on the recipe, and a slot says also what is none. */
function watchBus(bus: UsbBus, bench: Bench): () => void {
  const shown = new WeakSet<UsbDevice>()
  const arrived = (device: UsbDevice) => {
    shown.add(device)
    bench.arrived(device)
  }
  const stop = bus.watch(({ kind, device }) => {
    if (kind === 'arrived') arrived(device)
    else if (shown.delete(device)) bench.left(device)
  })
  for (const device of bus.devices()) arrived(device)
  return stop
}

/** A mistake in the user's text stops nothing: what is built in stays in force. */
function quirksOf(text: string, log: Log): QuirkBook {
  try {
    return stationQuirks(text)
  } catch (thrown) {
    log.error(`quirks: ${asFault(thrown).message}`)
    return stationQuirks(null)
  }
}

/** What the next job will be done with. */
interface Wishes {
  recipe: ResolvedRecipe | null
  autoStart: boolean
  operator: string | null
  /** How DFU devices depart from the standard: what is built in, and what the user of this station added. */
  quirks: QuirkBook
}

function dispatch(command: StationCommand, now: Wishes, bench: Bench): void {
  switch (command.kind) {
    case 'recipe':
      now.recipe = command.recipe
      bench.reconsider()
      break
    case 'auto-start':
      now.autoStart = command.on
      bench.reconsider()
      break
    case 'operator':
      now.operator = command.name
      break
    case 'quirks':
      bench.reconsider()
      break
    case 'assign':
    case 'learn':
    case 'hold':
    case 'start':
    case 'abort':
      bench.dispatch(command)
      break
    default:
      assertNever(command)
  }
}

function collectFrames(clock: Clock, send: (slots: readonly SlotView[]) => void) {
  const changed = new Map<number, SlotView>()
  let waiting = false
  const flush = () => {
    if (changed.size === 0) return
    const slots = [...changed.values()]
    changed.clear()
    send(slots)
  }
  const add = (view: SlotView) => {
    changed.set(view.slot, view)
    if (waiting) return
    waiting = true
    void clock.sleep(frameMs).then(() => {
      waiting = false
      flush()
    })
  }
  return { add, flush }
}
