// A USB process that hangs says nothing of it: the silence is what is noticed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeHost } from '../../src/main/host/fork-node.ts'
import type { FromHost } from '../../src/main/host/link.ts'
import { superviseHost } from '../../src/main/host/supervise.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { fakeHosts, keptLog } from './fake-host.ts'

interface Crash {
  readonly detail: string
  readonly willRestart: boolean
  readonly at: number
}

function watched(diesWhenKilled = true) {
  const clock = createVirtualClock()
  const hosts = fakeHosts(clock, diesWhenKilled)
  const crashes: Crash[] = []
  const heard: FromHost[] = []
  const host = superviseHost({
    ...{ forkHost: hosts.forkHost, environment: {}, clock, log: keptLog(), onStarted: () => undefined },
    onMessage: (message) => heard.push(message),
    onCrashed: ({ detail }, willRestart) => crashes.push({ detail, willRestart, at: clock.monotonic() }),
  })
  onTestFinished(() => host.stop(0))
  const until = async (pleases: () => boolean) => {
    while (!pleases()) await clock.sleep(100)
  }
  return { clock, hosts, crashes, heard, host, until }
}

describe('a USB process that hangs', () => {
  it('is killed after 15 s without a word, and started again like one that died', async () => {
    const { clock, hosts, crashes, until } = watched()
    const first = hosts.latest()
    await clock.sleep(4_000)
    first.says({ kind: 'ready' })
    const silentSince = clock.monotonic()
    await until(() => hosts.born.length === 2)
    expect(first.isKilled()).toBe(true)
    expect(crashes).toHaveLength(1)
    expect(crashes[0]).toMatchObject({ willRestart: true, detail: expect.stringContaining('hung') })
    expect((crashes[0]?.at ?? 0) - silentSince).toBeGreaterThanOrEqual(14_000)
    expect((crashes[0]?.at ?? 0) - silentSince).toBeLessThanOrEqual(16_000)
    expect(hosts.latest().isKilled()).toBe(false)
  })

  it('has twice the time until it has begun', async () => {
    const { clock, hosts, crashes, until } = watched()
    await until(() => crashes.length === 1)
    expect(hosts.born[0]?.isKilled()).toBe(true)
    expect(clock.monotonic()).toBeGreaterThanOrEqual(30_000)
    expect(clock.monotonic()).toBeLessThan(31_000)
  })

  it('and outlives even the kill is given up 2 s later; its end, when it comes, is not the end of the next one', async () => {
    const { clock, hosts, crashes, until } = watched(false)
    const first = hosts.latest()
    first.says({ kind: 'ready' })
    await until(() => first.isKilled())
    const killedAt = clock.monotonic()
    await until(() => hosts.born.length === 2)
    expect(crashes).toHaveLength(1)
    expect((crashes[0]?.at ?? 0) - killedAt).toBeLessThanOrEqual(2_000)
    first.ends({ signal: 'SIGKILL' })
    await clock.sleep(1_000)
    expect(crashes).toHaveLength(1)
    expect(hosts.born).toHaveLength(2)
  })
})

describe('a USB process that lives', () => {
  it('is left alone for hours when it shows life, and nobody else hears of that', async () => {
    const { clock, hosts, crashes, heard } = watched()
    hosts.latest().says({ kind: 'ready' })
    for (let seconds = 0; seconds < 2 * 3_600; seconds += 14) {
      await clock.sleep(14_000)
      hosts.latest().says({ kind: 'alive' })
    }
    expect(crashes).toEqual([])
    expect(heard).toEqual([{ kind: 'ready' }])
  })

  it('is not killed for a sleep of the computer: what it said is heard first', async () => {
    const asleep = { ms: 0 }
    const virtual = createVirtualClock()
    // Every wait takes an hour, as it does in a computer whose lid is closed.
    const clock: Clock = {
      ...virtual,
      sleep: async (ms, signal) => {
        await virtual.sleep(ms, signal)
        asleep.ms += 3_600_000
        hosts.latest().says({ kind: 'alive' })
      },
      monotonic: () => virtual.monotonic() + asleep.ms,
    }
    const hosts = fakeHosts(clock)
    const crashes: string[] = []
    const host = superviseHost({
      ...{ forkHost: hosts.forkHost, environment: {}, clock, log: keptLog() },
      ...{ onStarted: () => undefined, onMessage: () => undefined },
      onCrashed: ({ detail }) => crashes.push(detail),
    })
    hosts.latest().says({ kind: 'ready' })
    await virtual.sleep(120_000)
    expect(crashes).toEqual([])
    await host.stop(0)
  })

  it('and is asked to end is not taken for one that hangs', async () => {
    const { clock, hosts, crashes, host } = watched(false)
    hosts.latest().says({ kind: 'ready' })
    const stopped = host.stop(60_000)
    await clock.sleep(40_000)
    expect(hosts.latest().isKilled()).toBe(false)
    hosts.latest().ends({ code: 0 })
    await stopped
    expect(crashes).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('the real USB process', () => {
  it('that is stopped in mid-life is killed, and the next one comes', { timeout: 60_000 }, async () => {
    const libraryFolder = mkdtempSync(join(tmpdir(), 'sign-of-life-'))
    onTestFinished(() => rmSync(libraryFolder, { recursive: true, force: true }))
    const pids: number[] = []
    const crashes: string[] = []
    const isReady = Promise.withResolvers<void>()
    // A real process in a world where a second of waiting takes a fifth: it shows life every 2 s, 10 s by this clock.
    const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 5, signal) }
    const bus = { kind: 'simulated', boards: 'photon:1', speed: 0, operator: null, dumpFolder: null } as const
    const host = superviseHost({
      forkHost: (environment) => {
        const child = forkNodeHost(environment)
        pids.push(child.pid ?? 0)
        return child
      },
      ...{ environment: {}, clock, log: keptLog() },
      onStarted: () =>
        queueMicrotask(() => host.send({ kind: 'configure', config: { bus, libraryFolder, setup: [] } })),
      onMessage: ({ kind }) => {
        if (kind === 'ready') isReady.resolve()
      },
      onCrashed: ({ detail }) => crashes.push(detail),
    })
    onTestFinished(() => host.stop(10_000))
    await isReady.promise
    await systemClock.sleep(4_000)
    expect(crashes).toEqual([])
    process.kill(pids[0] ?? 0, 'SIGSTOP')
    await expect.poll(() => pids.length, { timeout: 20_000 }).toBe(2)
    expect(crashes).toEqual([expect.stringContaining('hung')])
    expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH')
  })
})
