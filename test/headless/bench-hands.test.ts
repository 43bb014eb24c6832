import { expect, it } from 'vitest'
import { handsAt } from '../../src/main/headless/bench-hands.ts'
import { arrival } from '../sim/dfu-host.ts'
import { kindBench } from '../sim/generic/kind-bench.ts'

it('a hand holds the button of a device that is no board, and it comes back in its loader', async () => {
  const { bus, portPath } = kindBench('quirk-openmoko', { start: 'normal' })
  const before = await arrival(bus)
  expect([...before.configuration()].length).toBe(18)
  expect(handsAt(bus).obey(`button ${portPath}`)).toMatch(/the button of its loader/)
  const after = await arrival(bus)
  expect(after).not.toBe(before)
  expect([...after.configuration()].slice(14, 17)).toEqual([0xfe, 1, 2])
})
