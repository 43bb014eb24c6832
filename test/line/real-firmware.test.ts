import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeWithFirmware, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { imagesOf, libraryOf, resolved } from './firmware.ts'
import { imageOf, missingOn } from './flash-images.ts'
import { openLine } from './line.ts'

const real = (path: string) => imageOf(path, readFileSync(join(firmwareFolder, path)))
const p2Parts = [
  'p2/5.6.0/bootloader.bin',
  'p2/5.6.0/prebootloader-part1.synthetic.bin',
  'p2/5.6.0/system-part1.synthetic.bin',
  'p2/5.3.1/tinker.bin',
]

const cases = [
  { platform: 'boron', count: 4, from: '2.0.1', to: '4.0.2', source: 'boron/4.0.2', set: 4 },
  { platform: 'photon', count: 4, from: '2.0.1', to: '2.3.1', source: 'photon/2.3.1', set: 4 },
  { platform: 'p2', count: 2, from: '5.0.0', to: '5.6.0', source: 'restore/5.6.0/p2.zip', set: 4 },
] as const

describeWithFirmware('real firmware through the whole line', () => {
  it.each(cases)('$count x $platform to $to', async ({ platform, count, from, to, source, set }) => {
    const { library, remove } = await libraryOf([join(firmwareFolder, source)])
    onTestFinished(remove)
    const images = platform === 'p2' ? p2Parts.map(real) : imagesOf(join(firmwareFolder, source))
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
