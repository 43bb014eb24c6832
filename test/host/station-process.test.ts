// The real USB process as a child, on a simulated bench: what it hears, what it survives, and when it ends.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeHost } from '../../src/main/host/fork-node.ts'
import type { HostExit } from '../../src/main/host/host-process.ts'
import type { BusChoice, FromHost, ToHost } from '../../src/main/host/link.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'

const entry = fileURLToPath(new URL('../../src/main/host/station-host.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'station-process-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function simulated(change: Partial<Extract<BusChoice, { kind: 'simulated' }>> = {}): BusChoice {
  return { kind: 'simulated', boards: 'boron:1,photon:1', speed: 20, operator: null, dumpFolder: null, ...change }
}

function configure(bus: BusChoice): ToHost {
  return { kind: 'configure', config: { bus, libraryFolder: join(root, 'library'), setup: [] } }
}

function heardFrom(listen: (listener: (message: unknown) => void) => void) {
  const heard: FromHost[] = []
  const waiting = new Set<() => void>()
  listen((message) => {
    heard.push(message as FromHost)
    for (const look of [...waiting]) look()
  })
  const until = <T>(find: (messages: readonly FromHost[]) => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = () => {
        const found = find(heard)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { heard, until }
}

function forked() {
  const host = forkNodeHost({ UV_THREADPOOL_SIZE: '8' })
  onTestFinished(() => host.kill())
  const exit = new Promise<HostExit>((resolve) => host.onExit(resolve))
  return { host, exit, ...heardFrom((listener) => host.onMessage(listener)) }
}

/** The same process with its IPC channel in the hands of the test. */
function bareChild() {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, exit, ...heardFrom((listener) => child.on('message', listener)) }
}

const ready = (messages: readonly FromHost[]) => messages.find(({ kind }) => kind === 'ready')
const slotCount = (messages: readonly FromHost[]) =>
  messages.flatMap((message) => (message.kind === 'news' && message.news.kind === 'slots' ? message.news.slots : []))

describe('the USB process', () => {
  it('loses no command that comes while it begins, and keeps their order', async () => {
    const { host, until } = forked()
    host.send(configure(simulated()))
    host.send({ kind: 'command', command: { kind: 'assign', ports: [null], learnsPorts: false } })
    host.send({ kind: 'command', command: { kind: 'assign', ports: [null, null], learnsPorts: true } })
    const second = await until((messages) => slotCount(messages).find(({ slot, board }) => slot === 2 && board))
    expect(second.state).toBe('ready')
  })

  it('says why it cannot begin, and lives on to be stopped', async () => {
    const { host, exit, until } = forked()
    host.send(configure(simulated({ boards: 'toaster:4' })))
    const failed = await until((messages) => messages.find((message) => message.kind === 'failed'))
    expect(failed).toMatchObject({ code: 'CALL_REJECTED', detail: expect.stringContaining('toaster') })
    host.send({ kind: 'stop' })
    await expect(exit).resolves.toEqual({ code: 0 })
  })

  it('ends by itself when it is told to, also before it has begun', async () => {
    const { host, exit } = forked()
    host.send({ kind: 'stop' })
    await expect(exit).resolves.toEqual({ code: 0 })
  })

  it('leaves the signals of a terminal to its parent', async () => {
    const { host, until, heard, exit } = forked()
    host.send(configure(simulated()))
    await until(ready)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(host.pid ?? 0, signal)
    heard.length = 0
    host.send({ kind: 'command', command: { kind: 'assign', ports: [null], learnsPorts: true } })
    await until((messages) => messages.find(({ kind }) => kind === 'news'))
    host.send({ kind: 'stop' })
    await expect(exit).resolves.toEqual({ code: 0 })
  })

  it('tells a kill by the name of the signal', async () => {
    const { host, exit } = forked()
    host.kill()
    await expect(exit).resolves.toEqual({ signal: 'SIGKILL' })
  })

  it('ends within seconds when its parent is gone', async () => {
    const { child, exit, until } = bareChild()
    child.send(configure(simulated()))
    await until(ready)
    const goneAt = performance.now()
    child.disconnect()
    await expect(exit).resolves.toBe(1)
    expect(performance.now() - goneAt).toBeLessThan(5_000)
  })

  it('leaves the dumps of its simulated bench when its parent is gone', async () => {
    const dumpFolder = join(root, 'dumps')
    const { child, exit, until } = bareChild()
    child.send(configure(simulated({ dumpFolder })))
    await until(ready)
    child.disconnect()
    await exit
    // Boron: internal, DCT, external. Photon: internal, DCT.
    expect(readdirSync(dumpFolder)).toHaveLength(5)
  })

  it('asks its owner for a record before anything else, and waits', async () => {
    const { child, until, heard } = bareChild()
    child.send(configure(simulated({ boards: 'boron:1' })))
    sendAll(child, [
      { kind: 'recipe', recipe: emptyRecipe },
      { kind: 'assign', ports: [null], learnsPorts: true },
      { kind: 'auto-start', on: true },
    ])
    const asked = await until((messages) => messages.find((message) => message.kind === 'ask'))
    expect(asked.ask.kind).toBe('open')
    child.send({
      kind: 'answer',
      id: asked.id,
      answer: { ok: false, fault: { code: 'LEDGER_UNWRITABLE', detail: 'disk full' } },
    } satisfies ToHost)
    const told = await until((messages) => slotCount(messages).find(({ state }) => state === 'error'))
    expect(told.fault?.code).toBe('LEDGER_UNWRITABLE')
    expect(heard.filter(({ kind }) => kind === 'ask')).toHaveLength(1)
  })
})

type Command = Extract<ToHost, { kind: 'command' }>['command']

function sendAll(child: ChildProcess, commands: readonly Command[]): void {
  for (const command of commands) child.send({ kind: 'command', command } satisfies ToHost)
}

const emptyRecipe: Extract<Command, { kind: 'recipe' }>['recipe'] = {
  recipe: {
    ...plainFlash,
    format: 'dfu-station-recipe',
    version: 1,
    name: 'for nobody',
    platforms: ['photon'],
    deviceOs: '2.3.1',
    user: 'set',
    verify: 'read-back',
  },
  sha256: 'ab'.repeat(32) as never,
  targets: [],
  devices: [],
}
