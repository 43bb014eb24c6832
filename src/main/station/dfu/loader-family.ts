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
  // Where our blocks are smaller than the device counts, each one needs its address.
  const countsOtherwise = (facts.announcedTransferBytes ?? 0) > facts.transferBytes
  return {
    ...generic,
    blockBytes: facts.transferBytes,
    transferTimeoutMs: habits.forcedTimeoutMs || generic.transferTimeoutMs,
    busyFloorMs: habits.allowZeroPollTimeout ? 0 : generic.busyFloorMs,
    obeysPollTimeout: !habits.ignorePollTimeout,
    blocksPerAddress: countsOtherwise ? 1 : generic.blocksPerAddress,
    abortsBeforeUpload: habits.noGetStatusUpload,
    mixesUpIdle: habits.forceDfuMode,
    toleratesManifestation: facts.isManifestationTolerant,
    manifestExtraMs: habits.manifestPoll ? manifestPollExtraMs : 0,
    statusFaults: protocol === 'dfuse' ? dfuseStatusFaults : plainStatusFaults,
  }
}
