// What the list of exported devices says of a simulated board, read from the very descriptors that it will send.
import type { PortPath } from '../../../shared/model/ids.ts'
import type { DeviceDescriptors } from '../usb/descriptors.ts'
import type { ListedDevice, ListedInterface } from './operations.ts'

const interfaceType = 4

interface Place {
  readonly portPath: PortPath
  readonly deviceAddress: number
  readonly descriptors: DeviceDescriptors
}

/** The bus ID is the port path, as the kernel names a device: it stays while boards and their product IDs change. */
export function listedDevice({ portPath, deviceAddress, descriptors }: Place): ListedDevice {
  const { device, configuration, vendorId, productId, deviceRelease } = descriptors
  const [busNumber = ''] = portPath.split('-')
  return {
    path: `/sys/devices/platform/simulated-bench/usb${busNumber}/${portPath}`,
    busId: portPath,
    busNumber: Number(busNumber),
    deviceNumber: deviceAddress,
    vendorId,
    productId,
    deviceRelease,
    deviceClass: classAt(device, 4),
    configurationValue: configuration[5] ?? 0,
    interfaces: firstAlternates(configuration),
  }
}

/** Each interface once, with the class of its alternate setting 0. */
function firstAlternates(configuration: Uint8Array): readonly ListedInterface[] {
  const found: ListedInterface[] = []
  for (let at = 0; at < configuration.length; at += configuration[at] || configuration.length) {
    if (configuration[at + 1] === interfaceType && configuration[at + 3] === 0)
      found.push(classAt(configuration, at + 5))
  }
  return found
}

function classAt(bytes: Uint8Array, at: number): ListedInterface {
  const [interfaceClass = 0, subclass = 0, protocol = 0] = bytes.subarray(at, at + 3)
  return { interfaceClass, subclass, protocol }
}
