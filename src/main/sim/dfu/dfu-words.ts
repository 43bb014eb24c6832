// The words of USB DFU 1.1 (sections 3, 6.1.2, A.1) and DfuSe, as the device side needs them.

export const request = {
  detach: 0,
  dnload: 1,
  upload: 2,
  getstatus: 3,
  clrstatus: 4,
  getstate: 5,
  abort: 6,
} as const

export const state = {
  appIdle: 0,
  appDetach: 1,
  idle: 2,
  dnloadSync: 3,
  dnbusy: 4,
  dnloadIdle: 5,
  manifestSync: 6,
  manifest: 7,
  manifestWaitReset: 8,
  uploadIdle: 9,
  error: 10,
} as const

export const status = {
  ok: 0x00,
  errTarget: 0x01,
  errFile: 0x02,
  errWrite: 0x03,
  errErase: 0x04,
  errCheckErased: 0x05,
  errProg: 0x06,
  errVerify: 0x07,
  errAddress: 0x08,
  errNotDone: 0x09,
  errFirmware: 0x0a,
  errVendor: 0x0b,
  errUsbr: 0x0c,
  errPor: 0x0d,
  errUnknown: 0x0e,
  errStalledPkt: 0x0f,
} as const

export const command = {
  getCommands: 0x00,
  setAddress: 0x21,
  erase: 0x41,
  readUnprotect: 0x92,
  enterSafeMode: 0xfa,
  clearOverride: 0xfb,
} as const

/** wTransferSize of every Particle bootloader; also what a block number counts. */
export const transferSizeBytes = 4096
