// Devices on the bus that are never talked to: a port and an address.

import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'

const refuse = async (): Promise<never> => {
  throw new Error('nobody talks to this device')
}

export function deviceAt(
  portPath: string,
  deviceAddress: number,
  ids = { vendorId: 0x2b04, productId: 0xc00d },
): UsbDevice {
  const parsed = parsePortPath(portPath)
  if (!parsed) throw new Error(`${portPath} is no port`)
  return {
    portPath: parsed,
    deviceAddress,
    ...ids,
    deviceRelease: 0,
    manufacturerIndex: 1,
    productIndex: 2,
    serialNumberIndex: 3,
    configuration: () => new Uint8Array(),
    open: refuse,
    controlIn: refuse,
    controlOut: refuse,
    claim: refuse,
    release: refuse,
    selectAlternate: refuse,
    reset: refuse,
    close: async () => undefined,
  }
}
