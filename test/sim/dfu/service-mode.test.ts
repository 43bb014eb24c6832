import { describe, expect, it } from 'vitest'
import { dfuRig, erase, ok, setAddress } from './machine-rig.ts'

describe('the OTA area of a board in service mode', () => {
  it.each([
    { platform: 'boron', alternate: 2, closed: 0x8024c000, open: 0x80100000 },
    { platform: 'tracker', alternate: 2, closed: 0x80689000, open: 0x8024c000 },
    { platform: 'msom', alternate: 0, closed: 0x08300000, open: 0x08500000 },
  ] as const)('is closed on a $platform, where its flash has it, and nothing beside it', (board) => {
    const { platform, alternate, closed, open } = board
    const rig = dfuRig(platform, { protection: 'service' })
    rig.face.selectAlternate(alternate)
    expect(rig.run(0, erase(closed))).toMatchObject({ state: 10 })
    rig.send('clrstatus')
    rig.run(0, setAddress(closed))
    expect(rig.run(2, new Uint8Array(64))).toMatchObject({ state: 10 })
    rig.send('clrstatus')
    expect(rig.run(0, erase(open))).toEqual(ok(5))
  })
})
