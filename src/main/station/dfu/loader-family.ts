// The family of any device that is no Particle board: the generic one, as its descriptors and its habits change it. Data.
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import { dfuseStatusFaults, plainStatusFaults } from './dfu-faults.ts'
import type { DfuFacts } from './facts.ts'
import { type DfuFamily, dfuFamilies } from './families.ts'
import type { DfuHabits } from './habits.ts'

/** manifest-poll: so much longer than the device says. */
const manifestPollExtraMs = 1_000

export function loaderFamily(facts: DfuFacts, habits: DfuHabits, protocol: DfuProtocol): DfuFamily {
  const { generic } = dfuFamilies
  const blockSize = blockSizeOf(facts, habits)
  return {
    ...generic,
    blockBytes: facts.transferBytes,
    transferTimeoutMs: habits.forcedTimeoutMs || generic.transferTimeoutMs,
    busyFloorMs: habits.allowZeroPollTimeout ? 0 : generic.busyFloorMs,
    obeysPollTimeout: !habits.ignorePollTimeout,
    // A block with an address of its own is where it should be, whatever the device counts in.
    blocksPerAddress: blockSize === 'told' ? generic.blocksPerAddress : 1,
    blockSize,
    abortsBeforeUpload: habits.noGetStatusUpload,
    mixesUpIdle: habits.forceDfuMode,
    toleratesManifestation: facts.isManifestationTolerant,
    manifestExtraMs: habits.manifestPoll ? manifestPollExtraMs : 0,
    statusFaults: protocol === 'dfuse' ? dfuseStatusFaults : plainStatusFaults,
  }
}

/** What a person has forced is told. 0 and 0xFFFF are no sizes. */
function blockSizeOf(
  { transferBytes, announcedTransferBytes: told }: DfuFacts,
  { forcedTransferBytes }: DfuHabits,
): DfuFamily['blockSize'] {
  if (told === transferBytes || forcedTransferBytes === transferBytes) return 'told'
  return told !== null && told !== 0xffff && told > transferBytes ? 'cut' : 'assumed'
}
