import { describe, expect, it } from 'vitest'
import type { FromHost } from '../../src/main/host/link.ts'
import { type SuperviseOptions, superviseHost } from '../../src/main/host/supervise.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { fakeHosts, keptLog } from './fake-host.ts'

function watched(change: Partial<SuperviseOptions> = {}, diesWhenKilled = true) {
  const clock = createVirtualClock()
  const hosts = fakeHosts(clock, diesWhenKilled)
  const crashes: { readonly fault: Fault; readonly willRestart: boolean; readonly at: number }[] = []
  const heard: FromHost[] = []
  let started = 0
  const log = keptLog()
  const host = superviseHost({
    forkHost: hosts.forkHost,
    environment: { UV_THREADPOOL_SIZE: '36' },
    clock,
    log,
    onMessage: (message) => heard.push(message),
    onStarted: () => {
      started += 1
    },
    onCrashed: (fault, willRestart) => crashes.push({ fault, willRestart, at: clock.monotonic() }),
    ...change,
  })
  const untilBorn = async (count: number) => {
    while (hosts.born.length < count) await clock.sleep(100)
  }
  return { clock, hosts, crashes, heard, log, host, untilBorn, started: () => started }
}

describe('the USB process under watch', () => {
  it('starts at once, with its environment, and is told what is sent', () => {
    const { hosts, host, started } = watched()
    host.send({ kind: 'command', command: { kind: 'auto-start', on: true } })
    expect(hosts.born).toHaveLength(1)
    expect(started()).toBe(1)
    expect(hosts.latest().environment).toEqual({ UV_THREADPOOL_SIZE: '36' })
    expect(hosts.latest().told).toEqual([{ kind: 'command', command: { kind: 'auto-start', on: true } }])
    expect(host.pid()).toBe(hosts.latest().pid)
  })

  it('comes back after 1, 5 and 30 seconds, and is given up with the fourth crash', async () => {
    const { hosts, crashes, untilBorn, clock, started } = watched()
    for (let crash = 0; crash < 3; crash += 1) {
      hosts.latest().ends({ signal: 'SIGSEGV' })
      await untilBorn(crash + 2)
    }
    hosts.latest().ends({ code: 7 })
    await clock.sleep(600_000)
    const pauses = crashes.slice(0, 3).map(({ at }, n) => (hosts.born[n + 1]?.bornAt ?? Number.NaN) - at)
    expect(pauses).toEqual([1_000, 5_000, 30_000])
    expect(crashes.map(({ willRestart }) => willRestart)).toEqual([true, true, true, false])
    expect(crashes.map(({ fault }) => fault.code)).toEqual(Array.from({ length: 4 }, () => 'HOST_CRASHED'))
    expect(crashes[0]?.fault.detail).toContain('SIGSEGV')
    expect(crashes[3]?.fault.detail).toContain('exit code 7')
    expect(hosts.born).toHaveLength(4)
    expect(started()).toBe(4)
  })

  it('has earned its restarts back after a minute of life', async () => {
    const { hosts, crashes, untilBorn, clock } = watched()
    for (let crash = 0; crash < 8; crash += 1) {
      for (let seconds = 0; seconds <= 60; seconds += 10) {
        hosts.latest().says({ kind: 'alive' })
        await clock.sleep(10_000)
      }
      hosts.latest().ends({ code: 1 })
      await untilBorn(crash + 2)
    }
    expect(crashes.every(({ willRestart }) => willRestart)).toBe(true)
    expect((hosts.born[8]?.bornAt ?? 0) - (crashes[7]?.at ?? 0)).toBe(1_000)
  })

  it('is not heard any more once it has ended: what it opened then nobody would close', async () => {
    const { hosts, heard, untilBorn } = watched()
    const first = hosts.latest()
    first.says({ kind: 'ready' })
    first.ends({ signal: 'SIGKILL' })
    first.says({ kind: 'bench-done' })
    await untilBorn(2)
    first.says({ kind: 'bench-done' })
    hosts.latest().says({ kind: 'ready' })
    expect(heard).toEqual([{ kind: 'ready' }, { kind: 'ready' }])
  })

  it('counts a start that fails like a crash, and tries again', async () => {
    const clock = createVirtualClock()
    const hosts = fakeHosts(clock)
    let forks = 0
    const { crashes } = watched({
      clock,
      forkHost: (environment) => {
        forks += 1
        if (forks === 2) throw new Fault('INTERNAL', 'no process could be made')
        return hosts.forkHost(environment)
      },
    })
    hosts.latest().ends({ code: 1 })
    while (forks < 3) await clock.sleep(100)
    expect(crashes[1]?.fault.detail).toContain('no process could be made')
    expect(hosts.born).toHaveLength(2)
  })
})

describe('stopping it', () => {
  it('asks, and waits until it has ended by itself', async () => {
    const { hosts, host, crashes, clock } = watched()
    const stopped = host.stop(10_000)
    expect(hosts.latest().told).toEqual([{ kind: 'stop' }])
    await clock.sleep(4_000)
    hosts.latest().ends({ code: 0 })
    await stopped
    expect(hosts.latest().isKilled()).toBe(false)
    expect(crashes).toEqual([])
    expect(clock.monotonic()).toBeLessThan(5_000)
  })

  it('kills what does not end in time', async () => {
    const { hosts, host, crashes, clock, log } = watched()
    await host.stop(10_000)
    expect(hosts.latest().isKilled()).toBe(true)
    expect(clock.monotonic()).toBe(10_000)
    expect(crashes).toEqual([])
    expect(log.lines.join()).toContain('killed')
  })

  it('does not wait for ever for a process that hangs in the kernel', async () => {
    const { hosts, host, clock } = watched({}, false)
    await host.stop(10_000)
    expect(hosts.latest().isKilled()).toBe(true)
    expect(clock.monotonic()).toBe(12_000)
  })

  it('ends the waiting for a restart', async () => {
    const { hosts, host, clock } = watched()
    hosts.latest().ends({ code: 1 })
    await host.stop(10_000)
    await clock.sleep(60_000)
    expect(hosts.born).toHaveLength(1)
  })

  it('may be asked twice, and after the end', async () => {
    const { hosts, host } = watched()
    const both = Promise.all([host.stop(1_000), host.stop(1_000)])
    hosts.latest().ends({ code: 0 })
    await both
    await host.stop(1_000)
    host.send({ kind: 'stop' })
    expect(hosts.latest().told).toEqual([{ kind: 'stop' }, { kind: 'stop' }])
  })
})
