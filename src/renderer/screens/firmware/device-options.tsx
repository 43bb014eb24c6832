// The options of one device that an everyday recipe leaves alone, behind a fold that says how many of them are set, and
// loudly when one of those cannot be undone.
import { deviceRecipe } from '../../text/device-recipe.ts'
import { CheckField, ChoiceField, TextField } from '../../ui/fields.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { countSetOptions, type DeviceDraft, dangersOf } from './device-draft.ts'
import styles from './recipe-composer.module.css'
import type { RecipeDraft } from './recipe-draft.ts'

interface DeviceOptionsProps {
  readonly at: number
  readonly device: DeviceDraft
  readonly job: RecipeDraft['job']
  readonly onChange: (changes: Partial<DeviceDraft>) => void
}

export function DeviceOptions({ at, device, job, onChange }: DeviceOptionsProps) {
  const count = countSetOptions(device)
  return (
    <details className={styles['more']}>
      <summary>
        {count === 0 ? deviceRecipe.more(at) : deviceRecipe.moreChanged(at, count)}
        {job === 'flash' && dangersOf(device).length > 0 && (
          <span className={styles['dangerous']}>
            <Glyph name="triangle" />
            {deviceRecipe.dangerousSet}
          </span>
        )}
      </summary>
      <div className={styles['options']}>
        <PlaceFields device={device} onChange={onChange} />
        <WayFields device={device} job={job} onChange={onChange} />
        {job === 'flash' && <Dangers device={device} onChange={onChange} />}
      </div>
    </details>
  )
}

type FieldsProps = Pick<DeviceOptionsProps, 'device' | 'onChange'>

function PlaceFields({ device, onChange }: FieldsProps) {
  return (
    <div className={styles['content']}>
      <TextField
        label={deviceRecipe.address}
        value={device.address}
        hint={deviceRecipe.addressHint}
        maxLength={20}
        onChange={(address) => onChange({ address })}
      />
      <TextField
        label={deviceRecipe.memory}
        value={device.memory}
        hint={deviceRecipe.memoryHint}
        maxLength={100}
        onChange={(memory) => onChange({ memory })}
      />
      <TextField
        label={deviceRecipe.version}
        value={device.version}
        hint={deviceRecipe.versionHint}
        maxLength={10}
        onChange={(version) => onChange({ version })}
      />
    </div>
  )
}

const { verifyChoices, loaderChoices, afterwardsChoices } = deviceRecipe
const verifies = choicesOf(verifyChoices)
const loaders = choicesOf(loaderChoices)
const endings = choicesOf(afterwardsChoices)

function WayFields({ device, job, onChange }: FieldsProps & Pick<DeviceOptionsProps, 'job'>) {
  return (
    <div className={styles['ways']}>
      <ChoiceField
        label={deviceRecipe.verify}
        value={device.verify}
        choices={verifies}
        onChange={(verify) => onChange({ verify: verify as DeviceDraft['verify'] })}
      />
      <ChoiceField
        label={deviceRecipe.loader}
        value={device.loader}
        choices={loaders}
        onChange={(loader) => onChange({ loader: loader as DeviceDraft['loader'] })}
      />
      {job === 'flash' && (
        <ChoiceField
          label={deviceRecipe.afterwards}
          value={device.afterwards}
          choices={endings}
          onChange={(afterwards) => onChange({ afterwards: afterwards as DeviceDraft['afterwards'] })}
        />
      )}
    </div>
  )
}

/** Never on by themselves, and never quiet. */
function Dangers({ device, onChange }: FieldsProps) {
  const { danger, dangers } = deviceRecipe
  const allow = (what: DeviceDraft['allow'][number], isOn: boolean) =>
    onChange({ allow: [...device.allow.filter((other) => other !== what), ...(isOn ? [what] : [])] })
  return (
    <fieldset className={styles['dangers']} data-set={dangersOf(device).length > 0 || undefined}>
      <legend>
        <Glyph name="triangle" /> {dangers}
      </legend>
      <CheckField
        label={danger.eraseAll}
        isOn={device.erase === 'all'}
        onChange={(isOn) => onChange({ erase: isOn ? 'all' : 'touched' })}
      />
      <CheckField
        label={danger.unprotect}
        isOn={device.readProtection === 'remove'}
        onChange={(isOn) => onChange({ readProtection: isOn ? 'remove' : 'keep' })}
      />
      <CheckField
        label={danger.optionBytes}
        isOn={device.allow.includes('option-bytes')}
        onChange={(isOn) => allow('option-bytes', isOn)}
      />
      <CheckField label={danger.otp} isOn={device.allow.includes('otp')} onChange={(isOn) => allow('otp', isOn)} />
    </fieldset>
  )
}

function choicesOf(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}
