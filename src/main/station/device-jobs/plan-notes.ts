// What is to be known of a plan besides its steps, in sentences: for the record, and for who reads it years later. Pure.
import { revisionText } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import { type DeviceFacts, memoryName } from './device-facts.ts'
import { isProtectedMemory } from './protected-memories.ts'
import type { WantedRevision } from './wanted-revision.ts'

interface Planned {
  readonly target: DeviceTarget
  readonly facts: DeviceFacts
  readonly wanted: WantedRevision | null
}

export function notesFor({ target: { wish }, facts, wanted }: Planned): readonly string[] {
  const left = (facts.loader?.memories ?? []).filter((memory) => isProtectedMemory(memory) && wish.allow.length === 0)
  return [
    ...(facts.loader ? [] : ['where the pieces go is settled when its loader has told its memories']),
    ...(left.length > 0 ? [`left alone: ${left.map(memoryName).join(', ')}`] : []),
    ...(wish.verify === 'reported' ? ['nothing is read back: what the device reports is the proof'] : []),
    ...(wanted ? [`its program must report version ${revisionText(wanted.revision)}`] : []),
    ...(wish.afterwards === 'stay' ? ['it stays in DFU mode; its program is not started'] : []),
  ]
}
