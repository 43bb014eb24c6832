// How a device departs from the standard, as data: one field for each flag and forced value of the quirk vocabulary that
// fwupd uses for DFU. The engine obeys it and never looks at vendor or product ids; who has which habits is said elsewhere.

export interface DfuHabits {
  /** bwPollTimeout is nonsense: 5 ms take its place, and more only for a device that stays busy. */
  readonly ignorePollTimeout: boolean
  /** A bwPollTimeout of 0 is meant so: the device is asked again at once. Without it 5 ms go by. */
  readonly allowZeroPollTimeout: boolean
  /** It is in DFU mode though its interface says run-time; and it may report appIDLE where it is in dfuIDLE. */
  readonly forceDfuMode: boolean
  /** Run-time and DFU mode have the same vendor and product id. */
  readonly noPidChange: boolean
  /** Its run-time interface is of no use. */
  readonly noDfuRuntime: boolean
  /** A person brings it into DFU mode: it does not go there by DFU_DETACH. */
  readonly needsBootloader: boolean
  /** An upload right behind a GETSTATUS fails: an ABORT goes between. */
  readonly noGetStatusUpload: boolean
  /** Its program starts only after an upload or a download: where there was none, a block is read for nobody. */
  readonly attachUploadDownload: boolean
  /** It needs one more bus reset to start its program, once it is back on the bus: resetDevice() of detach.ts. */
  readonly attachExtraReset: boolean
  /** It says that it can upload, and cannot. */
  readonly ignoreUpload: boolean
  /** Any interface is taken for its DFU interface. */
  readonly useAnyInterface: boolean
  /** It speaks another protocol under the class of DFU (Atmel FLIP): it cannot be served. */
  readonly legacyProtocol: boolean
  /** While it takes a download over it is asked a second later than it says. */
  readonly manifestPoll: boolean
  /** It must not be reset to start its program. */
  readonly noBusResetAttach: boolean
  /** DFU_DETACH has bit 8 of wIndex set, or the device refuses it. */
  readonly indexForceDetach: boolean
  /** The memory string may lack the unit of a sector size: bytes. That is understood of any device. */
  readonly absentSectorSize: boolean
  /** It is gone from the bus as soon as it was told to leave, and does not come back under these ids. */
  readonly willDisappear: boolean
  /** DFU_DETACH brings it from DFU mode back to its program. */
  readonly detachForAttach: boolean
  /** The memory map of its flash is wrong: pages have 1 KiB, and how many there are is in the serial number ("3CBJ"). */
  readonly gd32: boolean
  /** Takes the place of bcdDFUVersion. */
  readonly forcedVersion: number | null
  /** Deadline of a transfer that starts no work, in place of 5 s. */
  readonly forcedTimeoutMs: number | null
  /** Takes the place of wTransferSize; at most 4096 bytes are taken at a time. */
  readonly forcedTransferBytes: number | null
}

/** A device that keeps to the standard. */
export const plainHabits: DfuHabits = {
  ignorePollTimeout: false,
  allowZeroPollTimeout: false,
  forceDfuMode: false,
  noPidChange: false,
  noDfuRuntime: false,
  needsBootloader: false,
  noGetStatusUpload: false,
  attachUploadDownload: false,
  attachExtraReset: false,
  ignoreUpload: false,
  useAnyInterface: false,
  legacyProtocol: false,
  manifestPoll: false,
  noBusResetAttach: false,
  indexForceDetach: false,
  absentSectorSize: false,
  willDisappear: false,
  detachForAttach: false,
  gd32: false,
  forcedVersion: null,
  forcedTimeoutMs: null,
  forcedTransferBytes: null,
}
