// Another program at the same bench: claims interface 0 of the first device it finds and holds it until told to end.
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import { silentLog } from './bench.ts'

const bus = await openLibusbBus({ clock: systemClock, log: silentLog })
const device = bus.devices()[0]
if (device === undefined) throw new Error('no device to hold')
await device.open(new AbortController().signal)
await device.claim(0)
process.send?.('held')
process.once('disconnect', () => {
  bus[Symbol.asyncDispose]().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
