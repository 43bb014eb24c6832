// A DFU machine of the simulator on blank chips, without time: each request is answered and its work done at once.
import { createAccountBook } from '../../../src/main/sim/account.ts'
import type { ControlAnswer, SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { createDfuFace } from '../../../src/main/sim/dfu/dfu-entry.ts'
import type { DfuFace, DfuStart, Protection } from '../../../src/main/sim/dfu/dfu-face.ts'
import type { BoardMemory } from '../../../src/main/sim/dfu/dfu-memory.ts'
import { request } from '../../../src/main/sim/dfu/dfu-words.ts'
import type { FaceWork } from '../../../src/main/sim/face-reply.ts'
import { createFaultScript } from '../../../src/main/sim/fault-script.ts'
import { parseFault } from '../../../src/main/sim/faults.ts'
import { createFlashChip } from '../../../src/main/sim/flash-chip.ts'
import { dctSizeBytes, layouts } from '../../../src/main/sim/layouts.ts'

interface RigOptions {
  readonly start?: DfuStart
  readonly protection?: Protection
  readonly bootloaderVersion?: number
  readonly faults?: readonly string[]
}

export interface Status {
  readonly status: number
  readonly pollMs: number
  readonly state: number
  readonly string: number
}

export interface Rig {
  readonly chips: BoardMemory
  readonly face: DfuFace
  readonly events: string[]
  /** Works of the requests so far, in order. */
  readonly works: FaceWork[]
  send(name: keyof typeof request, value?: number, data?: readonly number[] | Uint8Array): ControlAnswer
  receive(name: keyof typeof request, value: number, lengthBytes: number): ControlAnswer
  status(): Status | 'stall'
  state(): number | 'stall'
  /** DNLOAD and two GETSTATUS; gives the second, or the first when it is not dfuDNBUSY. */
  run(value: number, data: readonly number[] | Uint8Array): Status | 'stall'
}

function blankMemory(platform: SimPlatform): BoardMemory {
  const layout = layouts[platform]
  return {
    internal: createFlashChip(layout.internal),
    external: layout.external && createFlashChip(layout.external),
    dct: new Uint8Array(dctSizeBytes).fill(0xff),
  }
}

export function dfuRig(platform: SimPlatform, options: RigOptions = {}): Rig {
  const layout = layouts[platform]
  const chips = blankMemory(platform)
  const version = options.bootloaderVersion ?? 3100
  chips.internal.program(layout.bootloaderHeaderAt + 10, Uint8Array.of(version & 0xff, version >> 8))
  const events: string[] = []
  const works: FaceWork[] = []
  let protection = options.protection ?? 'open'
  const face = createDfuFace({
    layout,
    chips,
    account: createAccountBook(),
    script: createFaultScript((options.faults ?? []).map(parseFault)),
    start: options.start ?? 'idle',
    host: {
      resetAfter: (delayMs, into) => void events.push(`reset after ${delayMs} into ${into}`),
      cancelReset: () => void events.push('reset cancelled'),
      reattach: () => void events.push('reattach'),
      protection: () => protection,
      clearOverride: () => {
        protection = 'protected'
      },
      unplug: () => void events.push('unplug'),
      unplugAfter: (delayMs) => void events.push(`unplug after ${delayMs}`),
      resetNow: () => void events.push('reset now'),
    },
  })
  const transfer = (
    requestType: number,
    name: keyof typeof request,
    rest: { value: number; data: Uint8Array; lengthBytes: number },
  ) => {
    const { value, data, lengthBytes } = rest
    const { answer, work } = face.request({ requestType, request: request[name], value, index: 0, lengthBytes }, data)
    if (!work) return answer
    works.push(work)
    const end = work.finish()
    return work.when === 'in-transfer' ? end : answer
  }
  const rig: Rig = {
    chips,
    face,
    events,
    works,
    send: (name, value = 0, data = []) => {
      const bytes = Uint8Array.from(data)
      return transfer(0x21, name, { value, data: bytes, lengthBytes: bytes.length })
    },
    receive: (name, value, lengthBytes) => transfer(0xa1, name, { value, data: new Uint8Array(), lengthBytes }),
    status: () => {
      const answer = rig.receive('getstatus', 0, 6)
      if (answer.kind !== 'data') return 'stall'
      const [status = -1, low = 0, middle = 0, high = 0, state = -1, string = -1] = answer.data
      return { status, pollMs: low | (middle << 8) | (high << 16), state, string }
    },
    state: () => {
      const answer = rig.receive('getstate', 0, 1)
      return answer.kind === 'data' ? (answer.data[0] ?? -1) : 'stall'
    },
    run: (value, data) => {
      const sent = rig.send('dnload', value, data)
      if (sent.kind === 'stall') return 'stall'
      const first = rig.status()
      return first !== 'stall' && first.state === 4 ? rig.status() : first
    },
  }
  return rig
}

export function setAddress(address: number): readonly number[] {
  return [0x21, ...u32(address)]
}

export function erase(address: number): readonly number[] {
  return [0x41, ...u32(address)]
}

export function u32(value: number): readonly number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}

export const ok = (state: number): Status => ({ status: 0, pollMs: 0, state, string: 0 })
export const failed = (status: number, string = 0): Status => ({ status, pollMs: 0, state: 10, string })
