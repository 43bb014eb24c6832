// Result codes of Device OS control requests by name, as Device OS calls them (system_error.h). For faults and reasons.

/** The codes the station acts on. */
export const resultCodes = { ok: 0, notSupported: -120, protectedMode: -1801 } as const

const names: Readonly<Record<number, string>> = {
  0: 'ok',
  [-100]: 'unknown error',
  [-110]: 'busy',
  [-120]: 'not supported',
  [-130]: 'not allowed',
  [-140]: 'cancelled',
  [-150]: 'aborted',
  [-160]: 'timeout',
  [-170]: 'not found',
  [-180]: 'already exists',
  [-190]: 'too large',
  [-200]: 'limit exceeded',
  [-210]: 'invalid state',
  [-220]: 'I/O error',
  [-230]: 'network error',
  [-240]: 'protocol error',
  [-250]: 'internal error',
  [-260]: 'no memory',
  [-270]: 'invalid argument',
  [-280]: 'bad data',
  [-290]: 'out of range',
  [-1300]: 'module not found',
  [-1310]: 'module not supported',
  [-1320]: 'validation failed',
  [-1330]: 'integrity check failed',
  [-1331]: 'resumed update failed',
  [-1340]: 'dependency check failed',
  [-1350]: 'invalid address',
  [-1351]: 'invalid size',
  [-1360]: 'wrong platform',
  [-1370]: 'invalid format',
  [-1380]: 'updates disabled',
  [-1390]: 'update error',
  [-1801]: 'protected',
  [-1802]: 'key mismatch',
  [-1803]: 'invalid signature',
}

/** "not supported (-120)". */
export function resultName(code: number): string {
  const name = names[code]
  return name === undefined ? `result ${code}` : `${name} (${code})`
}
