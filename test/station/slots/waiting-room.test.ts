import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { openWaitingRoom } from '../../../src/main/station/slots/waiting-room.ts'

const never = new AbortController().signal

describe('a waiting room', () => {
  it('answers at once what is so already', async () => {
    expect(await openWaitingRoom().until(() => 'yes', never)).toBe('yes')
  })

  it('looks again at every change, for everybody who waits', async () => {
    const room = openWaitingRoom()
    let count = 0
    const waiting = [1, 3].map((wanted) => room.until(() => (count >= wanted ? `${wanted} at ${count}` : null), never))
    for (count = 1; count <= 3; count += 1) room.changed()
    expect(await Promise.all(waiting)).toEqual(['1 at 1', '3 at 3'])
  })

  it('gives the first thing it saw, not what came to be until the waiter woke', async () => {
    const room = openWaitingRoom()
    let word: string | null = null
    const waiting = room.until(() => word, never)
    for (word of ['first', 'second']) room.changed()
    expect(await waiting).toBe('first')
  })

  it('ends with the reason of the signal, before and while it waits', async () => {
    const room = openWaitingRoom()
    const stop = new AbortController()
    const waiting = room.until(() => null, stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(room.until(() => 'late', stop.signal)).rejects.toThrow('enough')
  })

  it('gives null when the time has passed, and leaves nothing waiting', async () => {
    const room = openWaitingRoom()
    const clock = createVirtualClock()
    let looks = 0
    const look = () => {
      looks += 1
      return null
    }
    expect(await room.untilOrNull(look, { timeoutMs: 500, clock, signal: never })).toBeNull()
    expect(clock.monotonic()).toBe(500)
    room.changed()
    expect(looks).toBe(1)
  })

  it('stops the clock of a wait that was answered', async () => {
    const room = openWaitingRoom()
    const clock = createVirtualClock()
    expect(await room.untilOrNull(() => 'here', { timeoutMs: 500, clock, signal: never })).toBe('here')
    await clock.sleep(1)
    expect(clock.monotonic()).toBe(1)
  })
})
