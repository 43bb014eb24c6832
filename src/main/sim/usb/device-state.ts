// Where a device stands by chapter 9 of USB 2.0: the configuration that the host chose, and the endpoints that it halted.
// Everything else about a device is constant while it is on the bus.

export interface DeviceState {
  /** 0: addressed, not configured. */
  configurationValue: number
  /** Addresses of halted endpoints. */
  readonly halted: Set<number>
}

/** A device whose host has configured it, as the system does long before a program sees it. */
export function configuredState(): DeviceState {
  return { configurationValue: 1, halted: new Set() }
}

/** After a reset of the port. */
export function unconfigure(state: DeviceState): void {
  state.configurationValue = 0
  state.halted.clear()
}

export interface Endpoint {
  /** Bit 7 set: IN. */
  readonly address: number
  /** 1 isochronous, 2 bulk, 3 interrupt. */
  readonly transferType: number
}

const endpointType = 5

/** The endpoints of a configuration descriptor, of all its alternate settings. */
export function endpointsOf(configuration: Uint8Array): readonly Endpoint[] {
  const found: Endpoint[] = []
  for (let at = 0; at < configuration.length; at += configuration[at] || configuration.length) {
    if (configuration[at + 1] !== endpointType) continue
    found.push({ address: configuration[at + 2] ?? 0, transferType: (configuration[at + 3] ?? 0) & 3 })
  }
  return found
}
