// Another program at the same bench: opens each device on the ports it is given, claims interface 0, and lets it go.
// Ends with an error where it cannot.
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import { silentLog } from './bench.ts'

await using bus = await openLibusbBus({ clock: systemClock, log: silentLog })
for (const portPath of process.argv.slice(2)) {
  const device = bus.devices().find((each) => each.portPath === portPath)
  if (!device) throw new Error(`no device on ${portPath}`)
  await device.open(new AbortController().signal)
  await device.claim(0)
  await device.release(0)
  await device.close()
}
