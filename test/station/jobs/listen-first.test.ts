import { expect, it } from 'vitest'
import { withOpen } from '../../../src/main/station/identity/identify.ts'
import { getDeviceMode } from '../../../src/main/station/identity/requests.ts'
import { listenFirst } from '../../../src/main/station/jobs/listen-first.ts'
import { plugBoard } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal

/** The mode of a board that was asked to listen before an update, and how long that took. */
async function afterListening(platform: 'boron' | 'photon', deviceOs: string) {
  await using plugged = plugBoard({ platform, deviceOs })
  // As delivered a Boron below 4.0.0 listens by itself, for it waits for its set-up.
  plugged.board.chips.dct[8134] = 1
  const device = await plugged.device()
  return await withOpen(device, { clock: plugged.clock, signal }, async (link) => {
    const startedAt = plugged.clock.monotonic()
    await listenFirst(link)
    const tookMs = plugged.clock.monotonic() - startedAt
    return { mode: await getDeviceMode(link), tookMs }
  })
}

it('a board with Device OS before 2.0.0 listens before it is sent a module, and is given a second for that', async () => {
  const { mode, tookMs } = await afterListening('boron', '1.5.2')
  expect(mode).toBe('listening')
  expect(tookMs).toBeGreaterThan(1_000)
})

it('a later one is left as it is, and costs one transfer', async () => {
  for (const [platform, deviceOs] of [
    ['boron', '4.0.2'],
    ['photon', '3.3.0'],
  ] as const) {
    const { mode, tookMs } = await afterListening(platform, deviceOs)
    expect(mode).toBe('normal')
    expect(tookMs).toBeLessThan(10)
  }
})
