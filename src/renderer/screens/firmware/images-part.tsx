// Images for DFU devices that are no Particle boards: bring files in, see what came of each, and what each one says.
import type { ImageFile } from '../../../shared/model/firmware-view.ts'
import { useAct, useAnswer } from '../../station/use-answer.ts'
import { imageTexts } from '../../text/images.ts'
import { Notice } from '../../ui/notice.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { ImageList } from './image-list.tsx'
import { ImportPanel } from './import-panel.tsx'
import styles from './library-part.module.css'
import { imageUploads } from './upload-kinds.ts'

/** `onChange`: recipes may have what they lacked, or lack it now. */
export function ImagesPart({ onChange }: { readonly onChange: () => void }) {
  const act = useAct()
  const shelf = useAnswer('listImages', {})
  const changed = () => {
    shelf.refresh()
    onChange()
  }
  const remove = async ({ sha256 }: ImageFile) => {
    await act.run('removeImage', { sha256 })
    changed()
  }
  const fault = act.fault ?? shelf.fault
  return (
    <div className={styles['part']}>
      <ImportPanel kind={imageUploads} onImported={changed} />
      {fault !== null && <FaultNotice fault={fault} onDismiss={act.clear} />}
      {shelf.value !== null && (
        <>
          {shelf.value.damaged.length > 0 && (
            <Notice tone="fail">
              {imageTexts.damaged} {shelf.value.damaged.join(', ')}
            </Notice>
          )}
          <ImageList files={shelf.value.files} isBusy={act.isBusy} onRemove={(file) => void remove(file)} />
        </>
      )}
    </div>
  )
}
