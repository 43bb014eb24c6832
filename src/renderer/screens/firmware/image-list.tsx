// The images of the library, one line a file: name, format, for whom, version; the rest behind a fold.
import type { ImageFile } from '../../../shared/model/firmware-view.ts'
import { firmware } from '../../text/firmware.ts'
import { bytesText, stampText } from '../../text/format.ts'
import { imageTexts } from '../../text/images.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ImageFacts } from './image-facts.tsx'
import styles from './image-list.module.css'
import { forText, versionWords } from './image-words.ts'
import rows from './set-table.module.css'

interface ImageListProps {
  readonly files: readonly ImageFile[]
  readonly isBusy: boolean
  readonly onRemove: (file: ImageFile) => void
}

export function ImageList({ files, isBusy, onRemove }: ImageListProps) {
  return (
    <Panel title={imageTexts.list}>
      {files.length === 0 && <p>{imageTexts.empty}</p>}
      <ul>
        {files.map((file) => (
          <li key={file.sha256} className={rows['set']}>
            <details>
              <FileSummary file={file} />
              <div className={styles['images']}>
                {file.images.map((image, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: firmwares of one cabinet share its hash.
                  <ImageFacts key={place} image={image} />
                ))}
              </div>
            </details>
            <Button label={imageTexts.removeOf(file.source)} isDisabled={isBusy} onPress={() => onRemove(file)}>
              {firmware.remove}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function FileSummary({ file: { source, images, sizeBytes, importedAt } }: { readonly file: ImageFile }) {
  const [first] = images
  const hasNotes = images.some(({ notes }) => notes.length > 0)
  return (
    <summary className={styles['head']}>
      <strong className={styles['name']} title={source}>
        {source}
      </strong>
      <span>
        {first !== undefined && imageTexts.formats[first.format]}
        {images.length > 1 && `, ${imageTexts.firmwares(images.length)}`}
      </span>
      <span className={styles['for']}>
        {hasNotes && <Glyph name="triangle" />}
        {images.length === 1 && first !== undefined && forText(first)}
      </span>
      <span>{images.length === 1 && first !== undefined && versionWords(first)}</span>
      <span className={rows['fold']}>
        {imageTexts.pieces(images.reduce((sum, { elements }) => sum + elements.length, 0))}
      </span>
      <span className={rows['soft']}>{bytesText(sizeBytes)}</span>
      <span className={rows['soft']}>{stampText(importedAt)}</span>
    </summary>
  )
}
