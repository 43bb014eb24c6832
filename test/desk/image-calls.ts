// What the calls about images for DFU devices do, for the test of all calls.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { withSuffix } from '../../src/main/station/images/dfu-suffix.ts'
import type { CallName } from '../../src/shared/contract/contract.ts'
import { playedDesk } from './desk-under-test.ts'
import { demoFile, workingSlot } from './samples.ts'

type ImageCall = Extract<CallName, 'listImages' | 'importImages' | 'removeImage'>

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const blinky = withSuffix(
  Uint8Array.from({ length: 3000 }, (_, at) => at % 251),
  {
    vendorId: 0x1209,
    productId: 0x4d46,
    revision: null,
  },
)
const upload = { files: [{ path: 'C:\\fakepath\\blinky.dfu', contentBase64: base64(blinky) }] }

export const imageCallTests: Readonly<Record<ImageCall, Readonly<Record<string, () => Promise<void>>>>> = {
  listImages: {
    'gives the images with what is in them': async () => {
      const { call } = await playedDesk()
      expect(await call('listImages', {})).toEqual({ files: [], damaged: [] })
      await call('importImages', upload)
      expect(await call('listImages', {})).toMatchObject({
        files: [{ sha256: sha256Of(blinky), images: [{ format: 'dfu', vendorId: 0x1209, productId: 0x4d46 }] }],
        damaged: [],
      })
    },
    'names those that are damaged, and importing them again mends them': async () => {
      const { call, folder } = await playedDesk()
      await call('importImages', upload)
      writeFileSync(join(folder, 'firmware', 'images', sha256Of(blinky)), 'rust')
      expect(await call('listImages', {})).toEqual({ files: [], damaged: [`images/${sha256Of(blinky)}.json`] })
      await call('importImages', upload)
      expect(await call('listImages', {})).toMatchObject({ files: [{ sha256: sha256Of(blinky) }], damaged: [] })
    },
  },

  importImages: {
    'takes a file as an image, and the recipe is worked out anew': async () => {
      const { call, commands } = await playedDesk()
      const { imported, refused } = await call('importImages', upload)
      expect(refused).toEqual([])
      expect(imported).toMatchObject([{ sha256: sha256Of(blinky), sizeBytes: blinky.length, source: 'blinky.dfu' }])
      expect(commands().at(-1)).toMatchObject({ kind: 'recipe' })
      expect((await call('listFirmware', {})).modules).toEqual([])
    },
    'refuses a Particle module by name, and takes the file beside it': async () => {
      const { call } = await playedDesk()
      const module = { path: 'user.bin', contentBase64: base64(demoFile('boron/4.0.2/user-part.bin')) }
      const report = await call('importImages', { files: [module, ...upload.files] })
      expect(report.refused).toMatchObject([
        { file: 'user.bin', reason: 'PARTICLE_MODULE', detail: expect.stringContaining('import it as firmware') },
      ])
      expect(report.imported).toHaveLength(1)
    },
  },

  removeImage: {
    'takes it out of the library': async () => {
      const { call, outcome } = await playedDesk()
      await call('importImages', upload)
      await call('removeImage', { sha256: sha256Of(blinky) })
      expect(await call('listImages', {})).toEqual({ files: [], damaged: [] })
      expect(await outcome('removeImage', { sha256: sha256Of(blinky) })).toMatchObject({
        ok: false,
        fault: { code: 'CALL_REJECTED' },
      })
    },
    'is refused while a board is worked on': async () => {
      const { call, outcome, says, until, slots } = await playedDesk()
      await call('importImages', upload)
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1)] } })
      await until(() => slots()[0]?.state === 'working')
      expect(await outcome('removeImage', { sha256: sha256Of(blinky) })).toMatchObject({ ok: false })
      expect((await call('listImages', {})).files).toHaveLength(1)
    },
  },
}
