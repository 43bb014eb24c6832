// Plugs simulated devices into the test kernel's virtual host controller (vhci_hcd): one end of a socket pair goes to
// the kernel, on the other this file answers its USB/IP messages. Run it in another process than the one under test,
// whose synchronous USB calls would wait for answers that it then could not give.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { ControlAnswer, SimSetup } from '../../src/main/sim/board-parts.ts'
import { readCommand, submitAnswer, type UsbipCommand, unlinkAnswer, urbStatus } from './usbip-messages.ts'

export interface PluggedDevice {
  /** Pulls the plug: everything pending ends with "no device". */
  unplug(): void
}

/**
 * Answers every request on endpoint 0, the standard ones included. It may take its time; no-status: it never answers.
 * The signal aborts when the host gives the request up.
 */
export type EndpointZero = (
  setup: SimSetup,
  data: Uint8Array,
  signal: AbortSignal,
) => ControlAnswer | Promise<ControlAnswer>

export type Speed = 'full' | 'high'
const speedNumbers: Readonly<Record<Speed, number>> = { full: 2, high: 3 }
/** Each controller has 15 ports of high and full speed, numbered before as many of super speed. */
const portsPerController = 30
const controllers = 8
const leavingLookMs = 2
const mostLeavingMs = 10_000

/**
 * Plugs a device into port 0 to 119; neighbouring numbers are on different controllers, which enumerate side by side.
 * Resolves when the kernel took it, before it is enumerated.
 */
export async function plug(port: number, endpointZero: EndpointZero, speed: Speed = 'full'): Promise<PluggedDevice> {
  const kernelPort = (port % controllers) * portsPerController + Math.floor(port / controllers)
  await untilPortIsFree(port)
  const socket = await giveSocketToKernel(`${kernelPort} 3 ${port + 1} ${speedNumbers[speed]}`)
  serve(socket, endpointZero)
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

function serve(socket: Duplex, endpointZero: EndpointZero): void {
  let received = Buffer.alloc(0)
  const pending = new Map<number, AbortController>()
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (let next = readCommand(received); next !== null; next = readCommand(received)) {
      received = received.subarray(next.sizeBytes)
      obey(next.command)
    }
  })

  socket.on('close', () => {
    for (const request of pending.values()) request.abort()
  })

  const obey = (command: UsbipCommand): void => {
    if (command.kind === 'submit') {
      pending.set(command.sequence, new AbortController())
      answer(command).catch((thrown: unknown) => socket.destroy(thrown as Error))
      return
    }
    const request = pending.get(command.target)
    pending.delete(command.target)
    socket.write(unlinkAnswer(command.sequence, request ? urbStatus.unlinked : urbStatus.done))
    request?.abort()
  }
  const answer = async ({ sequence, setup, data }: Extract<UsbipCommand, { kind: 'submit' }>): Promise<void> => {
    const request = pending.get(sequence) ?? new AbortController()
    const given = await endpointZero(setup, data, request.signal)
    if (given.kind === 'no-status' || !pending.delete(sequence) || socket.destroyed) return
    socket.write(urbAnswer(sequence, setup, given))
  }
}

function urbAnswer(sequence: number, setup: SimSetup, answer: ControlAnswer): Buffer {
  const none = new Uint8Array()
  if (answer.kind === 'stall') return submitAnswer(sequence, urbStatus.stall, { moved: 0, data: none })
  if ((setup.requestType & 0x80) === 0) {
    return submitAnswer(sequence, urbStatus.done, { moved: setup.lengthBytes, data: none })
  }
  const data = answer.kind === 'data' ? answer.data.subarray(0, setup.lengthBytes) : none
  return submitAnswer(sequence, urbStatus.done, { moved: data.length, data })
}
