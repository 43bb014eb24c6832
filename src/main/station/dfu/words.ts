// The words of USB DFU 1.1 and of ST's DfuSe extension, spelled as the standard spells them. Numbers only: what they
// mean for a board is said in the other files. It must not know any device.

/** Class requests (USB DFU 1.1, section 3). */
export const dfuRequests = {
  DETACH: 0,
  DNLOAD: 1,
  UPLOAD: 2,
  GETSTATUS: 3,
  CLRSTATUS: 4,
  GETSTATE: 5,
  ABORT: 6,
} as const

/** bmRequestType of every class request: class, interface, out or in (USB DFU 1.1, table 3.1). */
export const requestTypes = { out: 0x21, in: 0xa1 } as const

/** Device states (USB DFU 1.1, section 6.1.2). */
export const dfuStates = {
  appIDLE: 0,
  appDETACH: 1,
  dfuIDLE: 2,
  'dfuDNLOAD-SYNC': 3,
  dfuDNBUSY: 4,
  'dfuDNLOAD-IDLE': 5,
  'dfuMANIFEST-SYNC': 6,
  dfuMANIFEST: 7,
  'dfuMANIFEST-WAIT-RESET': 8,
  'dfuUPLOAD-IDLE': 9,
  dfuERROR: 10,
} as const
export type DfuStateName = keyof typeof dfuStates

/** Status codes (USB DFU 1.1, section 6.1.2). */
export const dfuStatuses = {
  OK: 0x00,
  errTARGET: 0x01,
  errFILE: 0x02,
  errWRITE: 0x03,
  errERASE: 0x04,
  errCHECK_ERASED: 0x05,
  errPROG: 0x06,
  errVERIFY: 0x07,
  errADDRESS: 0x08,
  errNOTDONE: 0x09,
  errFIRMWARE: 0x0a,
  errVENDOR: 0x0b,
  errUSBR: 0x0c,
  errPOR: 0x0d,
  errUNKNOWN: 0x0e,
  errSTALLEDPKT: 0x0f,
} as const
export type DfuStatusName = keyof typeof dfuStatuses

/** First byte of a DfuSe command: a DNLOAD of block 0 (UM0424, DfuSe protocol). */
export const dfuseCommands = { SET_ADDRESS: 0x21, ERASE: 0x41, READ_UNPROTECT: 0x92 } as const

/** Block that carries a DfuSe command, and the first block that carries memory (block 1 is reserved). */
export const commandBlock = 0
export const firstDataBlock = 2
/** wValue has 16 bits; past it the address pointer must be set anew. */
export const lastDataBlock = 0xffff

/** Bytes of a GETSTATUS reply (USB DFU 1.1, section 6.1.2). */
export const statusBytes = 6
