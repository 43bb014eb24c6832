import { expect, it } from 'vitest'
import { withOpen } from '../../../src/main/station/identity/identify.ts'
import { getDeviceMode } from '../../../src/main/station/identity/requests.ts'
import { listenFirst } from '../../../src/main/station/jobs/listen-first.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { plugBoard } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal

/** The mode of a board while something is done that may need listening mode, how long it took to get there, and the mode after a failure. */
async function listening(platform: 'boron' | 'photon', deviceOs: string) {
  await using plugged = plugBoard({ platform, deviceOs })
  // As delivered a Boron below 4.0.0 listens by itself, for it waits for its set-up.
  plugged.board.chips.dct[8134] = 1
  const device = await plugged.device()
  return await withOpen(device, { clock: plugged.clock, signal }, async (link) => {
    const startedAt = plugged.clock.monotonic()
    let tookMs = 0
    let mode = ''
    const failing = listenFirst(link, async () => {
      tookMs = plugged.clock.monotonic() - startedAt
      mode = await getDeviceMode(link)
      throw new Fault('UPDATE_REFUSED', 'as in a test')
    })
    await expect(failing).rejects.toMatchObject({ code: 'UPDATE_REFUSED' })
    return { mode, tookMs, afterwards: await getDeviceMode(link) }
  })
}

it('a board with Device OS before 2.0.0 listens before it is sent a module, and is given a second for that', async () => {
  const { mode, tookMs, afterwards } = await listening('boron', '1.5.2')
  expect(mode).toBe('listening')
  expect(tookMs).toBeGreaterThan(1_000)
  // It is not left so when the module was refused.
  expect(afterwards).toBe('normal')
})

it('a later one is left as it is, and costs one transfer', async () => {
  for (const [platform, deviceOs] of [
    ['boron', '4.0.2'],
    ['photon', '3.3.0'],
  ] as const) {
    const { mode, tookMs } = await listening(platform, deviceOs)
    expect(mode).toBe('normal')
    expect(tookMs).toBeLessThan(10)
  }
})
