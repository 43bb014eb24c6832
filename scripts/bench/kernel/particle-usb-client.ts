// particle-usb as its own command line uses it for DFU. It brings no types; these are the few calls that are made.
import { createRequire } from 'node:module'
import { boron, type DfuClient } from './dfu-client.ts'

interface ParticleDevice {
  readonly isInDfuMode: boolean
  open(): Promise<void>
  close(): Promise<void>
  writeOverDfu(data: Buffer, place: { readonly altSetting: number; readonly startAddr: number }): Promise<void>
  readOverDfu(place: {
    readonly altSetting: number
    readonly startAddr: number
    readonly size: number
  }): Promise<Uint8Array>
}

interface ParticleUsb {
  getDevices(): Promise<readonly ParticleDevice[]>
}

export function particleUsbClient(): DfuClient {
  const particleUsb = createRequire(import.meta.url)('particle-usb') as ParticleUsb
  let device: ParticleDevice | undefined
  const place = { altSetting: boron.alternate, startAddr: boron.address }
  const opened = () => {
    if (!device) throw new Error('particle-usb: no device is open')
    return device
  }
  return {
    open: async () => {
      device = (await particleUsb.getDevices()).find(({ isInDfuMode }) => isInDfuMode)
      await opened().open()
    },
    download: (data) => opened().writeOverDfu(Buffer.from(data), place),
    readBack: (sizeBytes) => opened().readOverDfu({ ...place, size: sizeBytes }),
    close: () => opened().close(),
  }
}
