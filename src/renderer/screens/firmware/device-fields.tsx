// One device of a recipe in the composer: what it is called, by which ids it is known, which image it gets. The rest is
// behind a fold.
import type { ImageFile } from '../../../shared/model/firmware-view.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'
import { shortHash } from '../../text/format.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceField, TextField } from '../../ui/fields.tsx'
import type { DeviceDraft } from './device-draft.ts'
import { DeviceOptions } from './device-options.tsx'
import { forText, matchOf } from './image-words.ts'
import styles from './recipe-composer.module.css'
import type { RecipeDraft } from './recipe-draft.ts'

interface DeviceFieldsProps {
  /** From 1. */
  readonly at: number
  readonly device: DeviceDraft
  readonly job: RecipeDraft['job']
  readonly files: readonly ImageFile[]
  readonly onChange: (changes: Partial<DeviceDraft>) => void
  /** null: it is the only one. */
  readonly onRemove: (() => void) | null
}

export function DeviceFields({ at, device, job, files, onChange, onRemove }: DeviceFieldsProps) {
  return (
    <fieldset className={styles['platforms']}>
      <legend>{deviceRecipe.device(at)}</legend>
      <div className={styles['deviceNames']}>
        <TextField
          label={deviceRecipe.name(at)}
          value={device.name}
          hint={deviceRecipe.nameHint}
          maxLength={80}
          onChange={(name) => onChange({ name })}
        />
        <TextField
          label={deviceRecipe.match(at)}
          value={device.match}
          hint={deviceRecipe.matchHint}
          maxLength={1000}
          takesScans
          onChange={(match) => onChange({ match })}
        />
        {onRemove !== null && (
          <Button label={deviceRecipe.removeDevice(at)} onPress={onRemove}>
            ✕
          </Button>
        )}
      </div>
      {job !== 'identify' && <ImageChoice at={at} device={device} files={files} onChange={onChange} />}
      {job !== 'identify' && <DeviceOptions at={at} device={device} job={job} onChange={onChange} />}
    </fieldset>
  )
}

type ImageChoiceProps = Pick<DeviceFieldsProps, 'at' | 'device' | 'files' | 'onChange'>

/** An image that says what it is for names the device, too, where nobody has done so yet. */
function ImageChoice({ at, device, files, onChange }: ImageChoiceProps) {
  const choose = (image: string) => {
    const known = files.find(({ sha256 }) => sha256 === image)?.images.flatMap(matchOf) ?? []
    onChange({ image, ...(device.match.trim() === '' ? { match: [...new Set(known)].join(', ') } : {}) })
  }
  if (files.length === 0) return <p>{deviceRecipe.noImages}</p>
  return (
    <ChoiceField
      label={deviceRecipe.image(at)}
      value={device.image}
      choices={[{ value: '', label: deviceRecipe.notChosen }, ...files.map(choiceOf)]}
      onChange={choose}
    />
  )
}

function choiceOf({ sha256, source, images }: ImageFile) {
  const whom = [...new Set(images.map(forText))].join('; ')
  return { value: sha256 as string, label: deviceRecipe.imageChoice(source, whom, shortHash(sha256)) }
}
