// The calls about image files for DFU devices that are no Particle boards.
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import type { ImageFile } from '../../shared/model/firmware-view.ts'
import type { ImageImport } from '../station/firmware/library-model.ts'
import { refuseWhileWorking } from './bench-desk.ts'
import { tellRecipe } from './firmware-desk.ts'
import type { StationState } from './station-state.ts'
import type { UploadedFile } from './upload-folder.ts'

type ImageCalls = Pick<Handlers, 'listImages' | 'importImages' | 'removeImage'>

export function imageCalls(state: StationState): ImageCalls {
  const { images } = state.library
  return {
    listImages: () => images.list(),
    importImages: async ({ files }) => {
      const { imported, refused } = await importImages(state, files)
      await tellRecipe(state)
      return {
        imported: imported.map(({ isNew: _, ...file }): ImageFile => file),
        refused: refused.map(({ file, reason, what }) => ({ file, reason, detail: what })),
      }
    },
    removeImage: async ({ sha256 }) => {
      // A running job reads its file when it comes to it.
      refuseWhileWorking(state, () => true)
      if (!(await images.remove(sha256))) throw new Fault('CALL_REJECTED', `no image is named ${sha256}`)
      await tellRecipe(state)
      return null
    },
  }
}

async function importImages(state: StationState, files: readonly UploadedFile[]): Promise<ImageImport> {
  const { library, tellImport } = state
  const reports: ImageImport[] = []
  try {
    for (const [done, { path, contentBase64 }] of files.entries()) {
      tellImport({ file: path, done, total: files.length })
      reports.push(await library.images.importUpload(path, Buffer.from(contentBase64, 'base64')))
    }
  } finally {
    tellImport({ file: null, done: files.length, total: files.length })
  }
  return { imported: reports.flatMap(({ imported }) => imported), refused: reports.flatMap(({ refused }) => refused) }
}
