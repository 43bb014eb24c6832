// The faults of one board while it lives: what still waits, what has struck. The parts of the board ask at the moment
// a fault could strike; asking takes the fault unless it comes back every time.
import type { BlockAct, ScriptedFault, SimFault } from './faults.ts'

type FaultOf<Kind extends SimFault['kind']> = Extract<SimFault, { readonly kind: Kind }>

export interface FaultScript {
  /** The first waiting fault of the kind that fits, which is then spent; null when there is none. */
  strike<Kind extends SimFault['kind']>(kind: Kind, fits: (fault: FaultOf<Kind>) => boolean): FaultOf<Kind> | null
  /** A lasting defect: never spent. */
  lasting<Kind extends SimFault['kind']>(kind: Kind): FaultOf<Kind> | null
  strikeAtBlock(act: BlockAct, block: number): boolean
}

export function createFaultScript(faults: readonly ScriptedFault[]): FaultScript {
  const waiting = new Set(faults)
  const find = <Kind extends SimFault['kind']>(kind: Kind, fits: (fault: FaultOf<Kind>) => boolean) => {
    for (const scripted of waiting) {
      const { fault } = scripted
      if (isKind(fault, kind) && fits(fault)) return { scripted, fault }
    }
    return null
  }
  const script: FaultScript = {
    strike: (kind, fits) => {
      const found = find(kind, fits)
      if (found && !found.scripted.everyTime) waiting.delete(found.scripted)
      return found?.fault ?? null
    },
    lasting: (kind) => find(kind, () => true)?.fault ?? null,
    strikeAtBlock: (act, block) =>
      script.strike('at-block', (fault) => fault.act === act && fault.block === block) !== null,
  }
  return script
}

function isKind<Kind extends SimFault['kind']>(fault: SimFault, kind: Kind): fault is FaultOf<Kind> {
  return fault.kind === kind
}
