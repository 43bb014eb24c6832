// The visit a board makes in one mode: its descriptors and its face, wired to what the board may be asked to do.
import type { Board } from './board-life.ts'
import type { BootMode, NormalModeHost } from './board-parts.ts'
import { createDfuFace, tellsDeviceState } from './dfu/dfu-entry.ts'
import type { DfuHost, DfuStart } from './dfu/dfu-face.ts'
import { memoryKindOf } from './dfu/dfu-memory.ts'
import type { FaultHost } from './dfu/faulty-dfu.ts'
import { createControlEndpoint } from './normal/control-endpoint.ts'
import { serialTextOf } from './serial-text.ts'
import type { Timeline } from './timeline.ts'
import { eraseTimeMs, programTimeMs, wireTimeMs } from './timings.ts'
import type { DeviceDescriptors } from './usb/descriptors.ts'
import { dfuDescriptors } from './usb/dfu-descriptors.ts'
import { normalDescriptors } from './usb/normal-descriptors.ts'
import { createVisit, dfuModeFace, normalModeFace, type Visit } from './visit.ts'

/** What the modes may do to the board around them. */
export interface BoardActs extends FaultHost {
  resetAfter(delayMs: number, into: 'boot' | 'dfu' | 'safe', finish?: () => void): void
  cancelReset(): void
  reattach(): void
}

interface VisitRequest {
  readonly board: Board
  readonly timeline: Timeline
  readonly acts: BoardActs
}

/** At speed 0 this much passes between two requests, so that nothing is ever pending. */
const timelessStepMs = 3_600_000
const dfuStarts: readonly DfuStart[] = ['error', 'dnload-idle', 'upload-idle']

export function dfuVisit({ board, timeline, acts }: VisitRequest): Visit {
  const { layout, chips, account, script } = board
  const host: DfuHost & FaultHost = {
    ...acts,
    protection: () => board.protection,
    clearOverride: () => endService(board),
  }
  const start = board.spec.dfuStart ?? dfuStarts[board.dfuEntries % dfuStarts.length] ?? 'error'
  board.dfuEntries += 1
  const tellsState = tellsDeviceState({ layout, chips })
  const describe = () =>
    dfuDescriptors({
      layout,
      protection: board.protection,
      serialText: serialText(board, 'dfu'),
      tellsDeviceState: tellsState,
    })
  // The bootloader makes its strings when it is asked: they follow an override that ends in mid-visit.
  const descriptors: DeviceDescriptors = {
    ...describe(),
    get strings() {
      return describe().strings
    },
  }
  const face = dfuModeFace(createDfuFace({ layout, chips, account, script, host, start }))
  return createVisit({ mode: 'dfu', descriptors, face, timeline, account, script })
}

export function normalVisit({ board, timeline, acts }: VisitRequest, mode: Exclude<BootMode, 'dfu'>): Visit {
  const { layout, account, script } = board
  const endpoint = createControlEndpoint(normalModeHost({ board, timeline, acts }, mode))
  const face = normalModeFace({ endpoint, script, unplug: acts.unplug })
  const descriptors = normalDescriptors(layout, serialText(board, 'normal'))
  return createVisit({ mode, descriptors, face, timeline, account, script })
}

function normalModeHost({ board, timeline, acts }: VisitRequest, mode: 'normal' | 'safe'): NormalModeHost {
  const { chips, account, facts, layout } = board
  let timelessMs = 0
  return {
    facts,
    chips,
    mode,
    get protection() {
      return board.protection
    },
    clearOverride: () => endService(board),
    boardTimeMs: () => {
      if (timeline.speed > 0) return timeline.nowMs()
      timelessMs += timelessStepMs
      return timelessMs
    },
    eraseTimeMs: (chip, address, sizeBytes) => {
      const kind = chip === chips.external ? 'nor' : memoryKindOf(layout.family)
      const ms = sectorsOf(chip, address, sizeBytes).reduce((sum, size) => sum + eraseTimeMs(kind, size, false), 0)
      account.time('eraseMs', ms)
      return ms
    },
    programTimeMs: (chip, sizeBytes) => {
      const ms = programTimeMs(chip === chips.external ? 'nor' : memoryKindOf(layout.family), sizeBytes)
      account.time('programMs', ms)
      return ms
    },
    resetAfter: acts.resetAfter,
    handled: (durationMs) => account.time('handlerMs', durationMs),
    askedEarly: (replyBytes) => account.time('earlyMs', wireTimeMs(replyBytes)),
  }
}

/** Protection was overridden for a while; from now on it is not. */
function endService(board: Board): void {
  if (board.protection === 'service') board.protection = 'protected'
}

type Chip = NormalModeHost['chips']['internal']

function sectorsOf(chip: Chip, address: number, sizeBytes: number): readonly number[] {
  const sizes: number[] = []
  for (let at = address; at < address + sizeBytes; ) {
    const sector = chip.sectorAt(at)
    sizes.push(sector.sizeBytes)
    at = sector.address + sector.sizeBytes
  }
  return sizes
}

function serialText(board: Board, mode: 'normal' | 'dfu'): string {
  const text = serialTextOf(board.facts, board.chips, mode)
  return board.script.lasting('upper-case-serial') ? text.toUpperCase() : text
}
