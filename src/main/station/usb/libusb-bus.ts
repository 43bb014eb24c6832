// The only file that knows the npm package `usb` (libusb). It narrows the package to native-usb.ts and does nothing
// else, so that another backend, or a stand-in for tests, is one more file like this one. Runs in the USB process only:
// a crash of the native code must not take the window or the ledger with it.
import type { usb as UsbLibrary } from 'usb'
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock, Log } from '../ports.ts'
import { NativeUsbBus } from './native-bus.ts'
import type { NativeUsb } from './native-usb.ts'
import { usbFault } from './usb-faults.ts'
import type { UsbBus } from './usb-port.ts'

type Library = typeof UsbLibrary

/**
 * The USB of this computer. Throws USB_FAILED where the library does not load or finds no USB. Dispose it before the
 * process ends: that cancels what is pending and closes every device.
 */
export async function openLibusbBus(ports: { readonly clock: Clock; readonly log: Log }): Promise<UsbBus> {
  return new NativeUsbBus({ ...ports, usb: narrow(await loadLibrary()) })
}

async function loadLibrary(): Promise<Library> {
  let library: Library
  try {
    library = (await import('usb')).usb
  } catch (thrown) {
    throw new Fault('USB_FAILED', 'the USB library does not load on this computer', { cause: thrown })
  }
  if (library.INIT_ERROR === 0) return library
  throw usbFault(Object.assign(new Error('libusb_init'), { errno: library.INIT_ERROR }), 'start of libusb')
}

function narrow(library: Library): NativeUsb {
  return {
    listDevices: () => library.getDeviceList(),
    createTransfer: (device, done) =>
      // The native constructor takes only devices of its own listing; others it refuses by a TypeError. Timeout 0: none.
      new library.Transfer(device as UsbLibrary.Device, 0, library.LIBUSB_TRANSFER_TYPE_CONTROL, 0, done),
    onChange: (listener) => {
      const hint = (): void => listener()
      library.on('attach', hint)
      library.on('detach', hint)
      return () => {
        library.off('attach', hint)
        library.off('detach', hint)
      }
    },
  }
}
