// One image in full: what it is, for whom, and where its pieces go. What an engineer must know of it stands above.
import { addressText } from '../../../shared/model/address.ts'
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import { revisionText } from '../../../shared/model/dfu-identity.ts'
import { bytesText } from '../../text/format.ts'
import { imageTexts } from '../../text/images.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'
import { Hash } from '../../ui/hash.tsx'
import { Notice } from '../../ui/notice.tsx'
import table from '../../ui/table.module.css'
import { matchOf, whomText } from './image-words.ts'

export function ImageFacts({ image }: { readonly image: DeviceImage }) {
  return (
    <>
      {image.notes.map((note) => (
        <Notice key={note} tone="warn">
          {note}
        </Notice>
      ))}
      <Facts rows={rowsOf(image)} />
      <ElementTable image={image} />
    </>
  )
}

const { facts } = imageTexts

function rowsOf(image: DeviceImage): readonly FactRow[] {
  const { revision, version } = image
  return [
    { name: facts.file, value: image.source },
    { name: facts.format, value: imageTexts.formats[image.format] },
    { name: facts.for, value: whomText(image), isMono: matchOf(image).length > 0 },
    ...(revision === null ? [] : [{ name: facts.revision, value: revisionText(revision), isMono: true }]),
    ...(version === null ? [] : [{ name: facts.version, value: version }]),
    { name: facts.size, value: bytesText(image.sizeBytes) },
    { name: facts.hash, value: image.sha256, isMono: true },
  ]
}

function ElementTable({ image: { elements, source } }: { readonly image: DeviceImage }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={imageTexts.elements(source)}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{imageTexts.memory}</th>
            <th scope="col">{imageTexts.address}</th>
            <th scope="col" className={table['number']}>
              {imageTexts.size}
            </th>
            <th scope="col">{imageTexts.hash}</th>
          </tr>
        </thead>
        <tbody>
          {elements.map(({ alternate, address, sizeBytes, sha256 }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two pieces may be alike; an image never changes.
            <tr key={place}>
              <td>{alternate === null ? imageTexts.anyMemory : imageTexts.alternate(alternate)}</td>
              <td className={address === null ? undefined : table['mono']}>
                {address === null ? imageTexts.noAddress : addressText(address)}
              </td>
              <td className={table['number']} title={`${sizeBytes}`}>
                {bytesText(sizeBytes)}
              </td>
              <td>
                <Hash sha256={sha256} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
