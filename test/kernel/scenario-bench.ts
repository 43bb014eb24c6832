// The test's end of the line to the process in which the boards of a scenario live.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { BenchBoard } from '../scenarios/ground.ts'
import type { HandOrder, WatchedSlot } from '../scenarios/hands.ts'
import type { NumberedOrder, OpeningOrder, ScenarioBenchAnswer, ScenarioBenchOrder } from './scenario-bench-process.ts'
import { systemNowMs } from './system-time.ts'

type Answered = Extract<ScenarioBenchAnswer, { readonly value: unknown }>['value']

export class ScenarioBenchProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'scenario-bench-process.ts'))
  readonly #asked = new Map<number, PromiseWithResolvers<Answered>>()
  #lastId = 0

  constructor() {
    this.#child.on('message', (answer: ScenarioBenchAnswer) => {
      const asked = this.#asked.get(answer.id)
      this.#asked.delete(answer.id)
      if ('refused' in answer) asked?.reject(new Error(answer.refused))
      else asked?.resolve(answer.value)
    })
    this.#child.on('exit', () => {
      for (const asked of this.#asked.values()) asked.reject(new Error('the process of the bench ended'))
    })
  }

  async open(bench: OpeningOrder): Promise<readonly BenchBoard[]> {
    return (await this.#ask({ act: 'open', bench })) as readonly BenchBoard[]
  }

  async hand(order: HandOrder): Promise<void> {
    await this.#ask({ act: 'hand', order })
  }

  /** By the monotonic clock of this process. */
  async watched(slot: number): Promise<WatchedSlot> {
    const { struckAtMs, leftAtMs } = (await this.#ask({ act: 'watched', slot })) as WatchedSlot
    const here = (systemMs: number | null) => systemMs && systemMs - systemNowMs() + systemClock.monotonic()
    return { struckAtMs: here(struckAtMs), leftAtMs: here(leftAtMs) }
  }

  /** All boards leave the kernel. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }

  #ask(order: ScenarioBenchOrder): Promise<Answered> {
    this.#lastId += 1
    const asked = Promise.withResolvers<Answered>()
    this.#asked.set(this.#lastId, asked)
    this.#child.send({ id: this.#lastId, order } satisfies NumberedOrder, (error) => {
      if (error) asked.reject(error)
    })
    return asked.promise
  }
}
