// Plugs a whole simulated bus into the test kernel: each of its devices becomes one of the kernel's, comes and goes with
// it, on a port of its own. Control transfers go by the station's USB seam, so that a test may stand between; what else
// a device has on the wire is taken from its visit to the bus.

import type { ControlAnswer } from '../../src/main/sim/board-parts.ts'
import { visitOf } from '../../src/main/sim/simulated-device.ts'
import { type AnswerControl, type ServedDevice, withPortResets } from '../../src/main/sim/usbip/served-device.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import { type PluggedDevice, plugDevice } from './vhci-device.ts'

/** Longer than any host waits: the host's own deadline is the one that counts. */
const hostDecidesMs = 3_600_000

/** Each port of the bus gets a port of the kernel: these in their order, others as they come. */
export function plugBus(bus: UsbBus, known: readonly PortPath[] = []): void {
  const ports = new Map<string, number>(known.map((portPath, number) => [portPath, number]))
  const plugged = new Map<UsbDevice, PluggedDevice>()
  const orders = new Map<string, Promise<void>>()

  const obey = async ({ kind, device }: UsbEvent): Promise<void> => {
    if (kind === 'left') {
      plugged.get(device)?.unplug()
      plugged.delete(device)
      return
    }
    // It was there for less time than the kernel needed for the one before.
    if (!bus.devices().includes(device)) return
    const port = ports.get(device.portPath) ?? ports.size
    ports.set(device.portPath, port)
    await device.open(new AbortController().signal)
    plugged.set(device, await plugDevice(port, servedDevice(device)))
  }
  const take = (event: UsbEvent): void => {
    const { portPath } = event.device
    const before = orders.get(portPath) ?? Promise.resolve()
    const done = before
      .then(() => obey(event))
      .catch((thrown: unknown) => {
        process.stderr.write(`bench: ${event.kind} ${String(thrown)}\n`)
      })
    orders.set(portPath, done)
  }
  bus.watch(take)
  for (const device of bus.devices()) take({ kind: 'arrived', device })
}

function servedDevice(device: UsbDevice): ServedDevice {
  const visit = visitOf(device)
  if (!visit) throw new Error(`the device at ${device.portPath} is not simulated`)
  visit.assumeConfigured(false)
  return {
    control: withPortResets(controlOf(device), { isConfigured: visit.isConfigured, reset: visit.busReset }),
    endpoint: visit.endpointState,
  }
}

function controlOf(device: UsbDevice): AnswerControl {
  return async (setup, data, signal) => {
    const options = { timeoutMs: hostDecidesMs, signal }
    try {
      if ((setup.requestType & 0x80) !== 0) {
        return { kind: 'data', data: await device.controlIn(setup, setup.lengthBytes, options) }
      }
      await device.controlOut(setup, data, options)
      return { kind: 'ack' }
    } catch (thrown) {
      return refusal(thrown, signal)
    }
  }
}

/** A stall is an answer; a device that left or keeps silent, or a request that the host gave up, has none. */
function refusal(thrown: unknown, signal: AbortSignal): ControlAnswer {
  if (thrown instanceof Fault && thrown.code === 'USB_STALL') return { kind: 'stall' }
  const isUnanswered = thrown instanceof Fault && (thrown.code === 'USB_GONE' || thrown.code === 'USB_TIMEOUT')
  if (signal.aborted || isUnanswered) return { kind: 'no-status' }
  throw thrown
}
