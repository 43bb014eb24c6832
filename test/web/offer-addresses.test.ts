import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { offerAddresses } from '../../src/main/web/offer-addresses.ts'

const door = () => {
  let given = 0
  return { url: 'u0', port: 1, newUrl: () => `u${++given}`, close: async () => undefined }
}

describe('a person at the terminal', () => {
  it('gets another address with each Enter, until the station stops', async () => {
    const lines: string[] = []
    const input = Object.assign(new PassThrough(), { isTTY: true })
    const stop = offerAddresses(door(), input, (line) => lines.push(line))
    input.write('\n')
    await new Promise(setImmediate)
    input.write('\n')
    await new Promise(setImmediate)
    stop()
    input.write('\n')
    await new Promise(setImmediate)
    expect(lines).toEqual([
      'Each address opens once. Press Enter for another.',
      'Another address: u1',
      'Another address: u2',
    ])
    expect(input.isPaused()).toBe(true)
  })

  it('is not imagined where a script runs the station', () => {
    const input = new PassThrough()
    offerAddresses(door(), input, () => expect.unreachable())
    expect(input.listenerCount('data')).toBe(0)
  })
})
