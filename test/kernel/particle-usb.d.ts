// What the tests use of npm particle-usb 4.1.0, which is CommonJS without types. Narrow on purpose.
declare module 'particle-usb' {
  export interface FirmwareModuleInfo {
    readonly type: string
    readonly index: number
    readonly version: number
    readonly size: number
    readonly validityErrors: readonly string[]
    /** Hex; only from Device OS 5.6.0 on. */
    readonly hash?: string
  }

  export interface DfuPlace {
    readonly altSetting: number
    readonly startAddr: number
  }

  interface MemorySegment {
    readonly start: number
    /** Exclusive. */
    readonly end: number
    readonly sectorSize: number
    readonly readable: boolean
    readonly erasable: boolean
    readonly writable: boolean
  }

  /** Its own DFU class, behind an underscore: the only way to its memory map. */
  export interface ParticleDfu {
    readonly _memoryInfo: { readonly name: string; readonly segments: readonly MemorySegment[] }
    readonly _transferSize: number
    setAltSetting(alternate: number): Promise<void>
    abortToIdle(): Promise<void>
    _clearStatus(): Promise<void>
  }

  export interface ParticleDevice {
    readonly type: string
    readonly id: string | null
    readonly firmwareVersion: string | null
    readonly isInDfuMode: boolean
    readonly _dfu: ParticleDfu
    open(): Promise<void>
    close(): Promise<void>
    reset(options?: { readonly force?: boolean }): Promise<void>
    getDeviceId(): Promise<string>
    getSerialNumber(): Promise<string>
    getDeviceMode(): Promise<string>
    enterListeningMode(): Promise<void>
    leaveListeningMode(): Promise<void>
    enterDfuMode(): Promise<void>
    enterSafeMode(): Promise<void>
    getFirmwareModuleInfo(): Promise<readonly FirmwareModuleInfo[]>
    getAssetInfo(): Promise<{ readonly available: readonly unknown[]; readonly required: readonly unknown[] }>
    getProtectionState(): Promise<{ readonly protected: boolean; readonly overridden?: boolean | null }>
    unprotectDevice(options: { readonly action: string; readonly serverNonce?: Uint8Array }): Promise<unknown>
    /** Cellular boards only. */
    getCellularInfo(): Promise<{ readonly iccid: string; readonly imei: string }>
    /** nRF52 boards only. */
    setSetupDone(isDone: boolean): Promise<void>
    setClaimCode(code: string): Promise<void>
    isClaimed(): Promise<boolean>
    startNyanSignal(): Promise<void>
    stopNyanSignal(): Promise<void>
    getCloudConnectionStatus(): Promise<string>
    getNetworkInterfaceList(): Promise<unknown>
    getEnv(): Promise<unknown>
    updateFirmware(data: Uint8Array): Promise<void>
    sendControlRequest(type: number, data: Uint8Array): Promise<{ readonly result: number; readonly data?: Uint8Array }>
    writeOverDfu(data: Uint8Array, place: DfuPlace & { readonly noErase?: boolean }): Promise<void>
    readOverDfu(place: DfuPlace & { readonly size: number }): Promise<Uint8Array>
  }

  export class DeviceProtectionError extends Error {}
  export class RequestError extends Error {}
  export class UnsupportedDfuseCommandError extends Error {}
  export class UsbError extends Error {}

  export function getDevices(): Promise<readonly ParticleDevice[]>
  export function openDeviceById(id: string): Promise<ParticleDevice>
}
