import { describe, expect, it } from 'vitest'
import type { BoardAccount } from '../../src/main/sim/account.ts'
import { arrival, benchOf, limits } from './dfu-host.ts'

const services = { init: 1, check: 2, receive: 4, reset: 5 } as const
const requests = { echo: 1, moduleInfo: 90, iccid: 554 } as const
const times = ['eraseMs', 'programMs', 'wireMs', 'waitMs', 'handlerMs', 'earlyMs'] as const
const moduleInfoMs = 60
const modemMs = 5000
const onePollMs = 1

async function boronInNormalMode() {
  const { bus, board, clock } = benchOf({ platform: 'boron', deviceOs: '4.0.2' })
  const device = await arrival(bus)
  await device.open(limits.signal)
  const service = async (request: number, index: number, lengthBytes = 64) => {
    const bytes = await device.controlIn({ requestType: 0xc0, request, value: 0, index }, lengthBytes, limits)
    return Buffer.from(bytes)
  }
  /** INIT; its id. */
  const begin = async (type: number) => (await service(services.init, type)).readUInt16LE(6)
  const isReady = (reply: Buffer) => reply.readUInt16LE(4) === 0
  /** What one act costs by the account, and by the clock. */
  const cost = async (act: () => Promise<unknown>) => {
    const before = board.account()
    const fromMs = clock.monotonic()
    await act()
    const after = board.account()
    const spent = (name: (typeof times)[number]) => after[name] - before[name]
    return { wallMs: clock.monotonic() - fromMs, floorMs: floorOf(after) - floorOf(before), spent }
  }
  return { clock, service, begin, isReady, cost }
}

function floorOf({ eraseMs, programMs, wireMs, waitMs, handlerMs, earlyMs }: BoardAccount): number {
  return eraseMs + programMs + wireMs - earlyMs + waitMs + handlerMs
}

describe('the account of Device OS', () => {
  it('holds the time of a handler; asked when the answer is ready, a request takes wire and handler, no more', async () => {
    const { clock, service, begin, isReady, cost } = await boronInNormalMode()
    const { wallMs, floorMs, spent } = await cost(async () => {
      const id = await begin(requests.moduleInfo)
      await clock.sleep(moduleInfoMs)
      const reply = await service(services.check, id)
      expect(isReady(reply)).toBe(true)
      await service(services.receive, id, reply.readUInt32LE(6))
    })
    expect([spent('handlerMs'), spent('earlyMs')]).toEqual([moduleInfoMs, 0])
    expect(wallMs).toBeCloseTo(floorMs, 6)
  })

  it('does not count twice what passes beside a handler: questions that come too early', async () => {
    const { service, begin, isReady, cost } = await boronInNormalMode()
    const { wallMs, floorMs, spent } = await cost(async () => {
      const id = await begin(requests.iccid)
      for (let reply = await service(services.check, id); ; reply = await service(services.check, id)) {
        if (isReady(reply)) return service(services.receive, id, reply.readUInt32LE(6))
      }
    })
    expect(spent('handlerMs')).toBe(modemMs)
    // Asked all the time, the wire is never free: nearly all of it is beside the handler.
    expect(spent('earlyMs')).toBeGreaterThan(0.99 * modemMs)
    expect(Math.abs(wallMs - floorMs)).toBeLessThanOrEqual(onePollMs)
  })

  it('counts no handler whose answer was never ready: what a cancelled request did is nobody’s wait', async () => {
    const { service, begin, cost } = await boronInNormalMode()
    const { spent } = await cost(async () => {
      const id = await begin(requests.iccid)
      await service(services.reset, id)
    })
    expect(spent('handlerMs')).toBe(0)
  })
})
