// One way to answer a call, for every door: names and inputs that are not of the contract are refused before a handler
// hears of them, and no handler's error crosses as anything but an outcome.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callNames, type Handlers } from '../../src/shared/contract/contract.ts'
import { describeIssues, isCallName, serveCall } from '../../src/shared/contract/serve-call.ts'
import { Fault } from '../../src/shared/fault/fault.ts'

function handlers(answer: (name: string, input: unknown) => unknown): Handlers {
  const entries = callNames.map((name) => [name, async (input: unknown) => answer(name, input)])
  return Object.fromEntries(entries) as Handlers
}

describe('a call', () => {
  it('of an unknown name reaches nobody', async () => {
    const reached: string[] = []
    const all = handlers((name) => reached.push(name))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'hasOwnProperty')),
        async (name) => {
          fc.pre(!isCallName(name))
          const outcome = await serveCall(all, name, {})
          expect(outcome).toEqual({
            ok: false,
            fault: { code: 'CALL_REJECTED', detail: `no call is named ${JSON.stringify(name)}` },
          })
        },
      ),
    )
    expect(reached).toEqual([])
  })

  it('with an input that is none reaches nobody and says what is wrong', async () => {
    const reached: string[] = []
    const outcome = await serveCall(
      handlers((name) => reached.push(name)),
      'startSlots',
      { slots: [0, 'x'] },
    )
    expect(outcome).toMatchObject({
      ok: false,
      fault: { code: 'CALL_REJECTED', detail: /^startSlots: slots\.0: .+; slots\.1: / },
    })
    expect(reached).toEqual([])
  })

  it('hands its handler the checked input, with defaults filled in and text trimmed', async () => {
    const seen: unknown[] = []
    const all = handlers((_, input) => seen.push(input))
    await serveCall(all, 'setOperator', { name: '  Mei ' })
    await serveCall(all, 'searchRecords', { filter: {} })
    const filter = { text: '', outcome: null, job: null, platform: null, from: null, to: null }
    expect(seen).toEqual([{ name: 'Mei' }, { filter, limit: 50, cursor: null }])
  })

  it('that fails comes back with the fault of its handler, and a bug as INTERNAL', async () => {
    const throwing = (thrown: unknown) =>
      handlers(() => {
        throw thrown
      })
    const missing = await serveCall(throwing(new Fault('FIRMWARE_MISSING', 'boron 9.9.9')), 'listFirmware', {})
    expect(missing).toEqual({ ok: false, fault: { code: 'FIRMWARE_MISSING', detail: 'boron 9.9.9' } })
    const bug = await serveCall(throwing(new TypeError('x is undefined')), 'listFirmware', {})
    expect(bug).toEqual({ ok: false, fault: { code: 'INTERNAL', detail: 'TypeError: x is undefined' } })
  })

  it('names the input itself where the whole of it is wrong', () => {
    expect(describeIssues([{ path: [], message: 'Expected object' }])).toBe('input: Expected object')
  })
})
