// The test's hands: plugs and unplugs probe devices in the process that simulates them, and waits for the bus to notice.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Log } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import type { AccountedBoard } from './accounted-bus.ts'
import type { BenchAnswer, BenchOrder } from './bench-process.ts'
import { probe } from './probe-device.ts'

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (text) => process.stderr.write(`warning: ${text}\n`),
  error: (text) => process.stderr.write(`error: ${text}\n`),
  child: () => silentLog,
}

export class Bench {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'bench-process.ts'))
  #orders: Promise<unknown> = Promise.resolve()

  plug(port: number, productId: number = probe.productId): Promise<void> {
    return this.#order({ act: 'plug', port, productId })
  }

  unplug(port: number): Promise<void> {
    return this.#order({ act: 'unplug', port })
  }

  /** The boards of a bench file of the simulator, `speed` times as fast as real ones, in ports of their own. */
  simulate(benchFile: object, speed: number): Promise<void> {
    return this.#order({ act: 'simulate', benchFile: JSON.stringify(benchFile), speed })
  }

  /** What each simulated board did so far, in the order of the bench file. */
  async accounts(): Promise<readonly AccountedBoard[]> {
    const answer = await this.#ask({ act: 'accounts' })
    return answer === 'done' ? [] : answer.accounts
  }

  end(): void {
    this.#child.disconnect()
  }

  async #order(order: BenchOrder): Promise<void> {
    await this.#ask(order)
  }

  #ask(order: BenchOrder): Promise<BenchAnswer> {
    const answer = this.#orders.then(() => this.#send(order))
    this.#orders = answer.catch(() => {})
    return answer
  }

  #send(order: BenchOrder): Promise<BenchAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<BenchAnswer>()
    this.#child.once('message', (answer: BenchAnswer | { readonly refused: string }) =>
      typeof answer === 'object' && 'refused' in answer ? reject(new Error(answer.refused)) : resolve(answer),
    )
    this.#child.send(order)
    return promise
  }
}

export interface Wanted {
  readonly kind: UsbEvent['kind']
  readonly productId?: number
  readonly portPath?: PortPath
}

/** The device of the next event of this kind; rejects after ten seconds. */
export function nextEvent(bus: UsbBus, wanted: Wanted): Promise<UsbDevice> {
  const { promise, resolve, reject } = Promise.withResolvers<UsbDevice>()
  const limit = setTimeout(() => reject(new Error(`nothing ${wanted.kind} in 10 s: ${JSON.stringify(wanted)}`)), 10_000)
  const stop = bus.watch(({ kind, device }) => {
    if (kind !== wanted.kind) return
    if (wanted.productId !== undefined && wanted.productId !== device.productId) return
    if (wanted.portPath !== undefined && wanted.portPath !== device.portPath) return
    resolve(device)
  })
  return promise.finally(() => {
    clearTimeout(limit)
    stop()
  })
}

/** Resolves once it is so; rejects after ten seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  const limit = AbortSignal.timeout(10_000)
  while (!isSo()) await systemClock.sleep(10, limit)
}
