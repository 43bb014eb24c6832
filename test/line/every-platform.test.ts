// Every platform, whole, up and down between two releases, at real flash timing on a virtual clock; what the board holds
// in the end is compared with the files by this test alone.
import { describe, expect, it, onTestFinished } from 'vitest'
import { platformNames } from '../../src/shared/model/platform.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import { fullRestores } from '../scenarios/full-restores.ts'
import { resolved, restoreLibrary } from './firmware.ts'
import { missingOn } from './flash-images.ts'
import { type Line, openLine } from './line.ts'

describe('a full restore', () => {
  it.each(platformNames)('of a simulated %s goes up and down, every module proven', async (platform) => {
    const { older, newer } = fullRestores[platform]
    const { library, images, remove } = await restoreLibrary(platform, [older, newer])
    onTestFinished(remove)
    const [up, down] = await Promise.all(
      [newer, older].map((deviceOs) => resolved(library, { platforms: [platform], deviceOs })),
    )
    const line = openLine({ boards: [{ platform, deviceOs: older }], shelf: library, recipe: up ?? null })
    expect(await lastOf(line)).toMatchObject({
      deviceOsBefore: older,
      closing: { outcome: 'pass', deviceOsAfter: newer },
    })
    expectHolds(line, images(newer))

    await takeOutAndIn(line, down ?? null)
    expect(await lastOf(line)).toMatchObject({
      deviceOsBefore: newer,
      closing: { outcome: 'pass', deviceOsAfter: older },
    })
    expectHolds(line, images(older))
  })
})

async function lastOf(line: Line): Promise<LedgerRecord | undefined> {
  const [slot] = await line.verdicts()
  expect(slot?.fault).toBeNull()
  const record = line
    .records()
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .at(-1)
  const unproven = record?.closing?.modules.filter(({ proof, action }) => proof === 'none' && action !== 'skipped')
  expect(unproven).toEqual([])
  return record
}

function expectHolds(line: Line, images: Parameters<typeof missingOn>[1]): void {
  expect(images.length).toBeGreaterThan(2)
  for (const board of line.boards) expect(missingOn(board, images)).toEqual([])
}

async function takeOutAndIn(line: Line, recipe: Parameters<typeof openLine>[0]['recipe']): Promise<void> {
  const [port] = line.bus.boards()
  const [board] = line.boards
  if (!port || !board) throw new Error('the bench is empty')
  line.bus.unplug(port.portPath)
  await line.until((slots) => slots.every(({ state }) => state === 'empty'))
  if (recipe) line.station.dispatch({ kind: 'recipe', recipe })
  line.bus.plug(port.portPath, board)
}
