// Each piece of an image through a job: where it goes, what was done, its hash and that of what was read back, and how
// it was proven. What the device only reported has another mark and other words than what was read back.
import { addressText } from '../../../shared/model/address.ts'
import type { ImageProof, ImageRecord } from '../../../shared/model/record.ts'
import { deviceTexts } from '../../text/device.ts'
import { bytesText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import { Glyph, type GlyphName } from '../../ui/glyph.tsx'
import { Hash } from '../../ui/hash.tsx'
import table from '../../ui/table.module.css'
import styles from './module-table.module.css'

export function ImageTable({ images }: { readonly images: readonly ImageRecord[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={deviceTexts.imageTable}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{deviceTexts.piece}</th>
            <th scope="col">{deviceTexts.memory}</th>
            <th scope="col">{deviceTexts.address}</th>
            <th scope="col" className={table['number']}>
              {slotTexts.bytes}
            </th>
            <th scope="col">{slotTexts.done}</th>
            <th scope="col">{slotTexts.proof}</th>
            <th scope="col">{deviceTexts.hash}</th>
            <th scope="col">{deviceTexts.readBackHash}</th>
          </tr>
        </thead>
        <tbody>
          {images.map((image) => (
            <ImageRow key={image.position} image={image} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ImageRow({ image }: { readonly image: ImageRecord }) {
  return (
    <tr>
      <th scope="row">{image.position}</th>
      <td>
        {image.memory}
        <span className={styles['reason']}>{deviceTexts.alternateOf(image.alternate)}</span>
      </td>
      <td className={image.address === null ? undefined : table['mono']}>
        {image.address === null ? deviceTexts.noAddress : addressText(image.address)}
      </td>
      <td className={table['number']} title={`${image.sizeBytes}`}>
        {bytesText(image.sizeBytes)}
      </td>
      <td>
        {slotTexts.actions[image.action]}
        {image.reason !== null && <span className={styles['reason']}>{image.reason}</span>}
      </td>
      <td>
        <span className={styles['proof']} data-proven={image.proof !== 'none'}>
          <Glyph name={marks[image.proof]} />
          <span>{deviceTexts.proofs[image.proof]}</span>
        </span>
      </td>
      <td>
        <Hash sha256={image.sha256} />
      </td>
      <td>
        <ReadBack image={image} />
      </td>
    </tr>
  )
}

const marks: Readonly<Record<ImageProof, GlyphName>> = {
  'read-back': 'check',
  'reported-version': 'ring-check',
  'reported-status': 'ring-check',
  none: 'slash',
}

function ReadBack({ image: { sha256, readBackSha256 } }: { readonly image: ImageRecord }) {
  if (readBackSha256 === null) return deviceTexts.notReadBack
  return (
    <>
      <Hash sha256={readBackSha256} />
      {readBackSha256 !== sha256 && <strong className={styles['other']}>{deviceTexts.otherHash}</strong>}
    </>
  )
}
