// Modules that go by control request: what counts as applied, and who is never sent one.
import { expect, it, onTestFinished } from 'vitest'
import { makeFacts } from '../../src/main/sim/board-identity.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { releaseLibrary, resolved } from './firmware.ts'
import { fingerprint } from './flash-images.ts'
import { openLine } from './line.ts'

async function release(platform: 'photon' | 'boron' | 'p2', deviceOs: string, otherBuild: readonly string[]) {
  const { library, remove } = await releaseLibrary(platform, deviceOs, { otherBuild })
  onTestFinished(remove)
  return { library, recipe: await resolved(library, { platforms: [platform], deviceOs }) }
}

it.each(['boron', 'p2'] as const)(
  'on a %s another build of the same version is applied before the job goes on: the old system reports it as well',
  async (platform) => {
    const { library, recipe } = await release(platform, '5.6.0', ['bootloader.bin'])
    const line = openLine({ boards: [{ platform, deviceOs: '5.6.0' }], shelf: library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.fault?.detail ?? slot?.state).toBe('passed')
    const bootloader = line.records()[0]?.closing?.modules.find(({ kind, index }) => kind === 'bootloader' && !index)
    expect(bootloader).toMatchObject({ action: 'updated', proof: 'read-back' })
  },
)

it('a bootloader of the right version is sent only where its bytes differ, though Device OS reports no hash', async () => {
  const boards = [{ platform: 'photon', deviceOs: '2.3.1' }] as const
  const told = []
  for (const otherBuild of [[], ['bootloader.bin']]) {
    const { library, recipe } = await release('photon', '2.3.1', otherBuild)
    const line = openLine({ boards, shelf: library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.fault?.detail ?? slot?.state).toBe('passed')
    const closing = line.records()[0]?.closing
    const { action, proof, reason } = closing?.modules.find(({ kind }) => kind === 'bootloader') ?? {}
    told.push({ action, proof, reason, bytes: closing?.steps.find(({ name }) => name === 'Update bootloader')?.bytes })
  }
  expect(told).toEqual([
    { action: 'skipped', proof: 'read-back', reason: 'read back and equal', bytes: 0 },
    { action: 'updated', proof: 'read-back', reason: null, bytes: expect.any(Number) },
  ])
  expect(told[1]?.bytes).toBeGreaterThan(0)
})

it('a board that takes the place of one that resets itself gets no byte of its update', async () => {
  const { library, recipe } = await release('p2', '5.6.0', [])
  const line = openLine({ boards: [{ platform: 'p2' }], shelf: library, recipe })
  await line.until(([slot]) => {
    const progress = slot?.job?.progress
    return slot?.job?.steps.length === 1 && progress?.stepName === 'Update bootloader' && progress.fraction > 0
  })
  const stranger = createSimulatedBoard({
    facts: makeFacts('p2', 77),
    deviceOs: '5.6.0',
    start: 'normal',
    protection: 'open',
    faults: [],
    dfuStart: null,
  })
  const before = fingerprint(stranger)
  const portPath = line.bus.boards()[0]?.portPath ?? expect.unreachable()
  line.bus.unplug(portPath)
  line.bus.plug(portPath, stranger)
  const [slot] = await line.verdicts()
  expect(slot?.fault).toMatchObject({ code: 'BOARD_SWAPPED' })
  expect(fingerprint(stranger)).toEqual(before)
  expect(line.records()).toHaveLength(1)
})

it('a step that fails says how many bytes the board had taken by then', async () => {
  const { library, recipe } = await release('boron', '5.6.0', [])
  const line = openLine({ boards: [{ platform: 'boron', faults: ['write error at block 3'] }], shelf: library, recipe })
  await line.verdicts()
  const failed = line.records()[0]?.closing?.steps.at(-1)
  expect(failed).toMatchObject({ name: 'Write system 1', result: 'failed', bytes: 2 * 4096 })
})
