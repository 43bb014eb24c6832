// Plugs simulated devices into the test kernel's virtual host controller (vhci_hcd): one end of a socket pair goes to
// the kernel, on the other the simulator's USB/IP core answers. Run it in another process than the one under test,
// whose synchronous USB calls would wait for answers that it then could not give.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serveUrbs } from '../../src/main/sim/usbip/serve-urbs.ts'
import type { AnswerControl, ServedDevice } from '../../src/main/sim/usbip/served-device.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'

export interface PluggedDevice {
  /** Pulls the plug: everything pending ends with "no device". */
  unplug(): void
}

/** Answers every request on endpoint 0, the standard ones included. */
export type EndpointZero = AnswerControl

interface Attachment {
  readonly kernelPort: number
  readonly deviceId: number
  readonly speed: Speed
}

export type Speed = 'full' | 'high'
const speedNumbers: Readonly<Record<Speed, number>> = { full: 2, high: 3 }
/** Each controller has 15 ports of high and full speed, numbered before as many of super speed. */
const portsPerController = 30
const controllers = 8
const attachFile = '/sys/devices/platform/vhci_hcd.0/attach'
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
  const socket = await giveSocketToKernel({ kernelPort, deviceId, speed })
  const { ended, leave } = serveUrbs(socket, { device, deviceId, clock: systemClock })
  void ended.then((reason) => {
    if (reason) process.stderr.write(`vhci port ${port}: ${reason.stack ?? reason.message}\n`)
  })
  return { unplug: leave }
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

/** The kernel takes over one end of a socket pair by the number that this process has for it; the other end is ours. */
async function giveSocketToKernel({ kernelPort, deviceId, speed }: Attachment): Promise<Socket> {
  const [ours, theirs] = await socketPair()
  try {
    const words = `${kernelPort} ${descriptorOf(theirs)} ${deviceId} ${speedNumbers[speed]}`
    const limit = AbortSignal.timeout(mostLeavingMs)
    while (!isTaken(words)) await delay(leavingLookMs, undefined, { signal: limit })
    return ours
  } catch (thrown) {
    ours.destroy()
    throw new Error(`the kernel did not take device ${deviceId} on its port ${kernelPort}`, { cause: thrown })
  } finally {
    // The kernel has a hold of its own on it.
    theirs.destroy()
  }
}

/** False while the kernel still ends the device that was on the port before. */
function isTaken(words: string): boolean {
  try {
    writeFileSync(attachFile, words)
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EBUSY') return false
    throw thrown
  }
}

/** Node has no socketpair(2); a child process, whose pipe is one, costs the test kernel 0.15 s for each device. */
async function socketPair(): Promise<readonly [Socket, Socket]> {
  const path = join(tmpdir(), `vhci-${randomUUID()}`)
  const server = createServer({ pauseOnConnect: true })
  const accepted = once(server, 'connection') as Promise<[Socket]>
  server.listen(path)
  await once(server, 'listening')
  const ours = connect(path)
  const [[theirs]] = await Promise.all([accepted, once(ours, 'connect')])
  server.close()
  return [ours, theirs]
}

/** The number is no public property, and there is no other way to it. */
function descriptorOf(socket: Socket): number {
  return (socket as unknown as { readonly _handle: { readonly fd: number } })._handle.fd
}
