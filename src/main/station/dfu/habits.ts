// How a device departs from the standard, as data: one field for each flag and forced value of the quirk vocabulary that
// fwupd uses for DFU. The engine obeys it and never looks at vendor or product ids; who has which habits is said elsewhere.

export interface DfuHabits {
  /** bwPollTimeout is nonsense: a small fixed pause takes its place. */
  readonly ignorePollTimeout: boolean
  /** A bwPollTimeout of 0 is meant so: the device is asked again at once. */
  readonly allowZeroPollTimeout: boolean
  /** It is in DFU mode though its interface says run-time. */
  readonly forceDfuMode: boolean
  /** Run-time and DFU mode have the same vendor and product id. */
  readonly noPidChange: boolean
  /** Its run-time interface is of no use. */
  readonly noDfuRuntime: boolean
  /** A person brings it into DFU mode: it does not go there by DFU_DETACH. */
  readonly needsBootloader: boolean
  /** It takes no GETSTATUS before an upload. */
  readonly noGetStatusUpload: boolean
  /** Its program starts only after an upload or a download. */
  readonly attachUploadDownload: boolean
  /** It needs one more bus reset to start its program. */
  readonly attachExtraReset: boolean
  /** It says that it can upload, and cannot. */
  readonly ignoreUpload: boolean
  /** Any interface is taken for its DFU interface. */
  readonly useAnyInterface: boolean
  /** It speaks another protocol under the class of DFU (Atmel FLIP): it cannot be served. */
  readonly legacyProtocol: boolean
  /** Manifestation is polled to its end although the device is not tolerant of it, a second later than it says. */
  readonly manifestPoll: boolean
  /** It must not be reset to start its program. */
  readonly noBusResetAttach: boolean
  /** DFU_DETACH goes to this device with a fixed wIndex: it takes no other. */
  readonly indexForceDetach: boolean
  /** The memory string may have no sector size. */
  readonly absentSectorSize: boolean
  /** It is gone from the bus as soon as it was told to leave, and does not come back under these ids. */
  readonly willDisappear: boolean
  /** DFU_DETACH brings it from DFU mode back to its program. */
  readonly detachForAttach: boolean
  /** The memory string is the one of GigaDevice: its sector size follows from the serial number of the chip. */
  readonly gd32: boolean
  /** Takes the place of bcdDFUVersion. */
  readonly forcedVersion: number | null
  /** Takes the place of wDetachTimeOut and of the deadline of an operation. */
  readonly forcedTimeoutMs: number | null
  /** Takes the place of wTransferSize. */
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
