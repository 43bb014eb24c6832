// The calls about the bench: slots, ports, starting and stopping, and who works here.
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { Settings } from '../../shared/model/settings.ts'
import { parseBenchSpec } from '../sim/bench-spec.ts'
import type { Ports } from './bench-ports.ts'
import type { StationState } from './station-state.ts'

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

function workCalls(state: StationState): Omit<BenchCalls, keyof SlotCalls> {
  const { settings, mirror, command } = state
  return {
    readSettings: async () => settings.current(),
    setOperator: async ({ name }) => {
      const after = settings.change({ operator: name || null })
      command({ kind: 'operator', name: after.operator })
      mirror.changeStation({ operator: after.operator })
      return after
    },
    setAutoStart: async ({ on }) => {
      const after = settings.change({ autoStart: on })
      command({ kind: 'auto-start', on })
      mirror.changeStation({ autoStart: on })
      return after
    },
    startSlots: async ({ slots }) => {
      for (const slot of slots) refuseUnknown(state, slot)
      const { usb } = mirror.station()
      if (!usb.up) throw faultFrom(usb.fault)
      if (!state.resolved.recipe) throw new Fault('CALL_REJECTED', 'no recipe is chosen')
      command({ kind: 'start', slots })
      return null
    },
    abortSlots: async ({ slots }) => {
      for (const slot of slots) refuseUnknown(state, slot)
      command({ kind: 'abort', slots })
      return null
    },
  }
}

function slotCalls(state: StationState): SlotCalls {
  return {
    setSlotCount: async ({ count }) => {
      if (state.options.slotCount !== undefined) {
        throw new Fault('CALL_REJECTED', `this run was started with ${state.options.slotCount} slots`)
      }
      refuseWhileWorking(state, (slot) => slot > count)
      const ports = state.ports.current()
      return assign(
        state,
        Array.from({ length: count }, (_, at) => ports[at] ?? null),
      )
    },
    learnPort: async ({ slot }) => {
      if (slot !== null) {
        refuseUnknown(state, slot)
        refuseWhileWorking(state, (each) => each === slot)
      }
      state.command({ kind: 'learn', slot })
      state.mirror.changeStation({ learningSlot: slot })
      return state.settings.current()
    },
    forgetPort: async ({ slot }) => {
      refuseUnknown(state, slot)
      refuseWhileWorking(state, (each) => each === slot)
      return assign(
        state,
        state.ports.current().map((port, at) => (at === slot - 1 ? null : port)),
      )
    },
    setSimulation: async (input) => {
      if (state.options.simulation) throw new Fault('CALL_REJECTED', 'this run was started with simulated boards')
      if (input.boards !== undefined) parseBenchSpec(input.boards)
      refuseWhileWorking(state, () => true)
      const before = state.settings.current().simulation
      const simulation = {
        ...before,
        on: input.on,
        boards: input.boards ?? before.boards,
        speed: input.speed ?? before.speed,
      }
      const after = state.settings.change({ simulation })
      await state.restartUsb()
      // What real boards may not have, simulated ones may.
      state.watched.tryAgain()
      return after
    },
  }
}

function assign(state: StationState, ports: Ports): Settings {
  state.ports.change(ports)
  const after = state.settings.current()
  state.mirror.rearrange(ports)
  state.command({ kind: 'assign', ports, learnsPorts: after.learnsPorts || state.options.slotCount !== undefined })
  return after
}

function refuseUnknown(state: StationState, slot: number): void {
  const { length } = state.ports.current()
  if (slot > length) throw new Fault('CALL_REJECTED', `there is no slot ${slot}: the bench has ${length}`)
}

/** Throws CALL_REJECTED while a slot that it concerns has a job. */
export function refuseWhileWorking(state: StationState, concerns: (slot: number) => boolean): void {
  const busy = state.mirror.slots().find((view) => view.state === 'working' && concerns(view.slot))
  if (busy) throw new Fault('CALL_REJECTED', `slot ${busy.slot} is working; wait until it is done or stop it`)
}
