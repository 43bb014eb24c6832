// The station's DFU engine over its own adapter, as a job uses it.
import { type DfuSession, openDfu } from '../../../src/main/station/dfu/session.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../../src/main/station/usb/libusb-bus.ts'
import { benchLog } from '../bench-log.ts'
import { boron, type DfuClient } from './dfu-client.ts'

export async function stationClient(): Promise<DfuClient> {
  const bus = await openLibusbBus({ clock: systemClock, log: benchLog })
  const { signal } = new AbortController()
  const { alternate, address } = boron
  let session: DfuSession | undefined
  const opened = () => {
    if (!session) throw new Error('station: no board is open')
    return session
  }
  return {
    open: async () => {
      const device = bus.devices().find(({ productId }) => productId === boron.productId)
      if (!device) throw new Error('station: no board on the bus')
      session = await openDfu(device, { clock: systemClock, signal, family: 'nrf52840' })
    },
    download: async (data) => {
      await opened().write({ alternate, address, data })
    },
    readBack: (sizeBytes) => opened().read({ alternate, address, sizeBytes }),
    close: () => opened().close(),
  }
}
