// What is known of a device before its loader is spoken to: from its identity and its descriptors, nothing is asked of it.
import { valueOrNull } from '../../../shared/model/identity.ts'
import { habitsOf } from '../devices/quirk-book.ts'
import { dfuVersions, readDfuFacts } from '../dfu/facts.ts'
import { loaderMemories } from '../dfu/loader-memories.ts'
import type { DeviceFacts, LoaderFacts } from './device-facts.ts'
import type { DeviceJobRequest } from './device-job.ts'

export function factsOf({ board, device, quirks }: Pick<DeviceJobRequest, 'board' | 'device' | 'quirks'>): DeviceFacts {
  const { habits } = habitsOf(quirks, device)
  const told = readDfuFacts(device, habits)
  const protocol = valueOrNull(board.protocol) ?? (told?.version === dfuVersions.dfuse ? 'dfuse' : 'dfu')
  const expected = { protocol, isManifestationTolerant: told?.isManifestationTolerant ?? false }
  const { canUpload, canDownload, memories } = board
  if (board.mode === 'normal') return { mode: 'normal', loader: null, expected }
  const named = memories.map((memory) => ({ ...memory, stringIndex: 0 }))
  const gd32 = habits.gd32 ? { serialNumber: valueOrNull(board.serialNumber) } : null
  const loader: LoaderFacts = { ...expected, canUpload, canDownload, memories: loaderMemories(named, gd32) }
  return { mode: 'dfu', loader, expected }
}
