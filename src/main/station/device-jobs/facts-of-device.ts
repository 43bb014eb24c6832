// What is known of a device before its loader is spoken to: from its identity and its descriptors, nothing is asked of it.
import { valueOrNull } from '../../../shared/model/identity.ts'
import { habitsOf } from '../devices/quirk-book.ts'
import { dfuVersions, readAllDfuFacts } from '../dfu/facts.ts'
import { loaderMemories } from '../dfu/loader-memories.ts'
import type { DeviceFacts } from './device-facts.ts'
import type { DeviceJobRequest } from './device-job.ts'

export function factsOf({ board, device, quirks }: Pick<DeviceJobRequest, 'board' | 'device' | 'quirks'>): DeviceFacts {
  const { habits } = habitsOf(quirks, device)
  const all = readAllDfuFacts(device, habits).filter(({ mode }) => mode === board.mode)
  const [told] = all
  const protocol = valueOrNull(board.protocol) ?? (told?.version === dfuVersions.dfuse ? 'dfuse' : 'dfu')
  const expected = { protocol, isManifestationTolerant: told?.isManifestationTolerant ?? false }
  const { mode, canUpload, canDownload } = board
  // Of several interfaces, or where a serial number tells the size of the flash, the loader itself must be asked.
  if (mode === 'normal' || all.length > 1 || habits.gd32) return { mode, loader: null, expected }
  const memories = loaderMemories(
    board.memories.map((memory) => ({ ...memory, stringIndex: 0 })),
    null,
  )
  return { mode, loader: { ...expected, canUpload, canDownload, memories }, expected }
}
