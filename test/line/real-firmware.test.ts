import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { realSets } from '../scenarios/real-sets.ts'
import { describeWithFirmware, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { libraryOf, resolved } from './firmware.ts'
import { missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

const set = 4
const cases = [
  { platform: 'boron', count: 4, ...realSets.boron },
  { platform: 'photon', count: 4, ...realSets.photon },
  { platform: 'p2', count: 2, ...realSets.p2 },
] as const

describeWithFirmware('real firmware through the whole line', () => {
  it.each(cases)('$count x $platform to $to', async ({ platform, count, from, to, source, images: imagesOf }) => {
    const { library, remove } = await libraryOf([join(firmwareFolder, source)])
    onTestFinished(remove)
    const images = imagesOf()
    expect(images).toHaveLength(set)
    const recipe = await resolved(library, { platforms: [platform], deviceOs: to })
    const line = openLine({ boards: [{ platform, count, deviceOs: from }], shelf: library, recipe })
    for (const board of line.boards) expect(missingOn(board, images)).not.toEqual([])

    const slots = await line.verdicts()
    expect(slots.map(({ state, fault }) => ({ state, fault }))).toEqual(
      slots.map(() => ({ state: 'passed', fault: null })),
    )
    for (const board of line.boards) expect(missingOn(board, images)).toEqual([])

    const records = line.records()
    expect(records.map(({ deviceId }) => deviceId).sort()).toEqual(
      line.boards.map((board) => board.facts().deviceId).sort(),
    )
    for (const record of records) {
      const facts = line.boards.map((board) => board.facts()).find(({ deviceId }) => deviceId === record.deviceId)
      expect(record).toMatchObject({
        iccid: facts?.iccid ?? null,
        serialNumber: facts?.serialNumber,
        deviceOsBefore: from,
        closing: { outcome: 'pass', fault: null, deviceOsAfter: to, iccid: facts?.iccid ?? null },
      })
      expect(record.closing?.modules).toHaveLength(set)
      for (const module of record.closing?.modules ?? []) {
        expect(module).toMatchObject({ after: module.target, proof: 'read-back' })
        expect(module.before).not.toBeNull()
      }
    }
  })
})
