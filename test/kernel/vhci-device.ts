// Plugs simulated devices into the test kernel's virtual host controller (vhci_hcd): one end of a socket pair goes to
// the kernel, on the other the simulator's USB/IP core answers. Run it in another process than the one under test,
// whose synchronous USB calls would wait for answers that it then could not give.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { serveUrbs } from '../../src/main/sim/usbip/serve-urbs.ts'
import type { AnswerControl, ServedDevice } from '../../src/main/sim/usbip/served-device.ts'

export interface PluggedDevice {
  /** Pulls the plug: everything pending ends with "no device". */
  unplug(): void
}

/** Answers every request on endpoint 0, the standard ones included. */
export type EndpointZero = AnswerControl

export type Speed = 'full' | 'high'
const speedNumbers: Readonly<Record<Speed, number>> = { full: 2, high: 3 }
/** Each controller has 15 ports of high and full speed, numbered before as many of super speed. */
const portsPerController = 30
const controllers = 8
const leavingLookMs = 2
const mostLeavingMs = 10_000

/**
 * Plugs a device with endpoint 0 alone into port 0 to 119; neighbouring numbers are on different controllers, which
 * enumerate side by side. Resolves when the kernel took it, before it is enumerated.
 */
export function plug(port: number, endpointZero: EndpointZero, speed: Speed = 'full'): Promise<PluggedDevice> {
  return plugDevice(port, { control: endpointZero, endpoint: () => 'absent' }, speed)
}

/** The same with a device that may have more endpoints. */
export async function plugDevice(port: number, device: ServedDevice, speed: Speed = 'full'): Promise<PluggedDevice> {
  const kernelPort = (port % controllers) * portsPerController + Math.floor(port / controllers)
  const deviceId = port + 1
  await untilPortIsFree(port)
  const socket = await giveSocketToKernel(`${kernelPort} 3 ${deviceId} ${speedNumbers[speed]}`)
  void serveUrbs(socket, { device, deviceId }).then((reason) => {
    if (reason) process.stderr.write(`vhci port ${port}: ${reason.stack ?? reason.message}\n`)
  })
  return { unplug: () => socket.destroy() }
}

/**
 * The kernel's own name of port n, as in "3-1": each controller has a bus for full and high speed, and one for super
 * speed.
 */
export function kernelPortName(port: number): string {
  return `${2 * (port % controllers) + 1}-${Math.floor(port / controllers) + 1}`
}

/**
 * A device that follows another on its port sooner than the kernel looks would be taken for the same one, for the
 * virtual hub does not disable a port that loses its device, as real hubs do.
 */
async function untilPortIsFree(port: number): Promise<void> {
  const limit = AbortSignal.timeout(mostLeavingMs)
  while (existsSync(`/sys/bus/usb/devices/${kernelPortName(port)}`))
    await delay(leavingLookMs, undefined, { signal: limit })
}

/** A child's descriptor 3 is one end of a socket pair; it names it to the kernel, which keeps it, and ends. */
async function giveSocketToKernel(words: string): Promise<Duplex> {
  const script = 'echo "$1" > /sys/devices/platform/vhci_hcd.0/attach'
  const child = spawn('/bin/sh', ['-c', script, 'sh', words], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  const socket = child.stdio[3] as Duplex
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('exit', resolve)
  const status = await promise
  if (status === 0) return socket
  socket.destroy()
  throw new Error(`the kernel did not take the device "${words}"`)
}
