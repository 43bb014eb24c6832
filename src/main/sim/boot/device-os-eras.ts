// From which Device OS on a board can do what, as system module versions (a counter of the header, no release number).
// Facts of our USB and firmware notes; [U] where only the order of releases is known.

export const since = {
  /** 0.6.0: the device ID as serial string (upper case), and 0.7.0 in lower case; a constant text before. */
  deviceIdText: 102,
  lowerCaseText: 207,
  /** 0.8.0-rc.1: the first control requests, on Gen 2. nRF and RTL were born with them. [U] exact counter. */
  controlRequests: 300,
  /** 1.1.0: request 72 on Gen 2. */
  deviceModeOnGen2: 1100,
  /** 1.2.1: the OTA flag in the DCT is looked at. */
  otaFlag: 1213,
  /** 1.5.0: request 21 on Gen 2. */
  serialNumberOnGen2: 1500,
  /** 2.0.0: compressed and combined modules on nRF and RTL. [U] */
  packedModules: 2000,
  /** 4.0.0: set-up is done by definition, and no board listens because it is not. */
  alwaysSetUp: 4000,
  /** 5.5.0: assets; the OTA areas of 4 MB nRF parts and of RTL moved. */
  assets: 5500,
  /** 5.6.0: the new module info, request 91; the NCP of a Tracker can no longer be updated. */
  newModuleInfo: 5600,
  /** 6.1.1: security mode. */
  securityMode: 6101,
} as const
