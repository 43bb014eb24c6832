// Numbers of the Device OS control requests that a station sends (system_control.h), and how long each may take.

export interface RequestType {
  readonly name: string
  /** wIndex of INIT. */
  readonly type: number
  /** From INIT to the last byte of the reply. */
  readonly timeoutMs: number
}

const quickMs = 5_000

export const requestTypes = {
  getDeviceId: { name: 'GetDeviceId', type: 20, timeoutMs: quickMs },
  getSerialNumber: { name: 'GetSerialNumber', type: 21, timeoutMs: quickMs },
  getSystemVersion: { name: 'GetSystemVersion', type: 30, timeoutMs: quickMs },
  getNcpFirmwareVersion: { name: 'GetNcpFirmwareVersion', type: 31, timeoutMs: 10_000 },
  getSystemCapabilities: { name: 'GetSystemCapabilities', type: 32, timeoutMs: quickMs },
  reset: { name: 'Reset', type: 40, timeoutMs: quickMs },
  enterDfu: { name: 'DfuMode', type: 50, timeoutMs: quickMs },
  startListening: { name: 'StartListeningMode', type: 70, timeoutMs: quickMs },
  stopListening: { name: 'StopListeningMode', type: 71, timeoutMs: quickMs },
  getDeviceMode: { name: 'GetDeviceMode', type: 72, timeoutMs: quickMs },
  setSetupDone: { name: 'SetDeviceSetupDone', type: 73, timeoutMs: quickMs },
  isSetupDone: { name: 'IsDeviceSetupDone', type: 74, timeoutMs: quickMs },
  getProtectedState: { name: 'GetProtectedState', type: 76, timeoutMs: quickMs },
  // The board reads and checks every module it holds, external flash included.
  getModuleInfo: { name: 'GetModuleInfo', type: 90, timeoutMs: 20_000 },
  // The board reads every asset it stores and hashes it.
  getAssetInfo: { name: 'GetAssetInfo', type: 91, timeoutMs: 20_000 },
  // Erases the whole target area before it answers.
  startFirmwareUpdate: { name: 'StartFirmwareUpdate', type: 250, timeoutMs: 120_000 },
  // Validates the image: CRC, hash, dependencies.
  finishFirmwareUpdate: { name: 'FinishFirmwareUpdate', type: 251, timeoutMs: 60_000 },
  cancelFirmwareUpdate: { name: 'CancelFirmwareUpdate', type: 252, timeoutMs: quickMs },
  firmwareUpdateData: { name: 'FirmwareUpdateData', type: 253, timeoutMs: 20_000 },
  // Switches the modem on, which may take half a minute.
  getIccid: { name: 'GetIccid', type: 554, timeoutMs: 45_000 },
} as const satisfies Record<string, RequestType>
