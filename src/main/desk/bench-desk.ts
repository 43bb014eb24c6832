// The calls about the bench: slots, ports, starting and stopping, and who works here.
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import { type PortPath, parsePortPath } from '../../shared/model/ids.ts'
import type { Settings } from '../../shared/model/settings.ts'
import { busOf, type StationState } from './station-state.ts'

type BenchCalls = Pick<
  Handlers,
  | 'readSettings'
  | 'setOperator'
  | 'setAutoStart'
  | 'setSlotCount'
  | 'learnPort'
  | 'forgetPort'
  | 'setSimulation'
  | 'startSlots'
  | 'abortSlots'
>

export function benchCalls(state: StationState): BenchCalls {
  return { ...workCalls(state), ...slotCalls(state) }
}

type SlotCalls = Pick<BenchCalls, 'setSlotCount' | 'learnPort' | 'forgetPort' | 'setSimulation'>

function workCalls({ settings, mirror, command }: StationState): Omit<BenchCalls, keyof SlotCalls> {
  return {
    readSettings: async () => settings.current(),
    setOperator: async ({ name }) => {
      const operator = name || null
      command({ kind: 'operator', name: operator })
      mirror.changeStation({ operator })
      return settings.change({ operator })
    },
    setAutoStart: async ({ on }) => {
      command({ kind: 'auto-start', on })
      mirror.changeStation({ autoStart: on })
      return settings.change({ autoStart: on })
    },
    startSlots: async ({ slots }) => {
      command({ kind: 'start', slots })
      return null
    },
    abortSlots: async ({ slots }) => {
      command({ kind: 'abort', slots })
      return null
    },
  }
}

function slotCalls(state: StationState): SlotCalls {
  const { settings, mirror, command } = state
  return {
    setSlotCount: async ({ count }) => {
      refuseWhileWorking(state, (slot) => slot > count)
      const { slots } = settings.current()
      return assign(
        state,
        Array.from({ length: count }, (_, at) => slots[at] ?? null),
      )
    },
    learnPort: async ({ slot }) => {
      command({ kind: 'learn', slot })
      mirror.changeStation({ learningSlot: slot })
      return settings.current()
    },
    forgetPort: async ({ slot }) => {
      refuseWhileWorking(state, (each) => each === slot)
      return assign(
        state,
        settings.current().slots.map((port, at) => (at === slot - 1 ? null : port)),
      )
    },
    setSimulation: async (input) => {
      if (state.options.simulation) throw new Fault('CALL_REJECTED', 'this run was started with simulated boards')
      refuseWhileWorking(state, () => true)
      const before = settings.current().simulation
      const simulation = {
        ...before,
        on: input.on,
        boards: input.boards ?? before.boards,
        speed: input.speed ?? before.speed,
      }
      const after = settings.change({ simulation })
      await state.restartUsb()
      return after
    },
  }
}

/** Ports of the bench of this run, slot 1 first. */
export function portsOf(state: Pick<StationState, 'options' | 'settings'>): readonly (PortPath | null)[] {
  const { slotCount } = state.options
  if (slotCount !== undefined) return Array.from({ length: slotCount }, () => null)
  // Simulated ports are not those of the real bench: they are learnt anew each time.
  const isReal = busOf(state).kind === 'usb'
  return state.settings.current().slots.map((port) => (port && isReal ? parsePortPath(port) : null))
}

function assign(state: StationState, slots: readonly (string | null)[]): Settings {
  const after = state.settings.change({ slots: [...slots] })
  const ports = portsOf(state)
  state.mirror.layOut(ports)
  state.command({ kind: 'assign', ports, learnsPorts: after.learnsPorts })
  return after
}

function refuseWhileWorking(state: StationState, concerns: (slot: number) => boolean): void {
  const busy = state.mirror.slots().find((view) => view.state === 'working' && concerns(view.slot))
  if (busy) throw new Fault('CALL_REJECTED', `slot ${busy.slot} is working; wait until it is done or stop it`)
}
