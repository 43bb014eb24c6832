// One row for each platform of the library: taken or not, with which Device OS, with which user firmware.
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { firmware } from '../../text/firmware.ts'
import { shortHash } from '../../text/format.ts'
import { CheckField, ChoiceField } from '../../ui/fields.tsx'
import styles from './recipe-composer.module.css'
import { platformsOf, type RecipeDraft, userModulesOf, versionsOf } from './recipe-draft.ts'

interface PlatformRowsProps {
  readonly library: CallOutput<'listFirmware'>
  readonly draft: RecipeDraft
  readonly onChange: (changes: Partial<RecipeDraft>) => void
}

export function PlatformRows({ library, draft, onChange }: PlatformRowsProps) {
  const platforms = platformsOf(library)
  const take = (platform: PlatformName, isTaken: boolean) =>
    onChange({
      platforms: platforms.filter((name) => (name === platform ? isTaken : draft.platforms.includes(name))),
      versions: { [platform]: versionsOf(library, platform)[0] ?? '', ...draft.versions },
    })
  return (
    <fieldset className={styles['platforms']}>
      <legend>{firmware.platforms}</legend>
      {platforms.length === 0 && <p>{firmware.noSets}</p>}
      {platforms.map((platform) => (
        <div key={platform} className={styles['platform']}>
          <CheckField
            label={platform}
            isOn={draft.platforms.includes(platform)}
            onChange={(isTaken) => take(platform, isTaken)}
          />
          {draft.platforms.includes(platform) && (
            <PlatformChoices library={library} draft={draft} platform={platform} onChange={onChange} />
          )}
        </div>
      ))}
    </fieldset>
  )
}

function PlatformChoices({
  library,
  draft,
  platform,
  onChange,
}: PlatformRowsProps & { readonly platform: PlatformName }) {
  const none = { value: '', label: firmware.notChosen }
  const versions = versionsOf(library, platform).map((version) => ({ value: version, label: version }))
  const users = userModulesOf(library, platform).map((module) => ({
    value: module.sha256 as string,
    label: firmware.moduleChoice(module.source, module.version, shortHash(module.sha256)),
  }))
  return (
    <>
      {!draft.keepsDeviceOs && (
        <ChoiceField
          label={firmware.versionOf(platform)}
          value={draft.versions[platform] ?? ''}
          choices={[none, ...versions]}
          onChange={(version) => onChange({ versions: { ...draft.versions, [platform]: version } })}
        />
      )}
      {draft.user === 'modules' && (
        <ChoiceField
          label={firmware.userOf(platform)}
          value={draft.userModules[platform] ?? ''}
          choices={[none, ...users]}
          onChange={(sha256) => onChange({ userModules: { ...draft.userModules, [platform]: sha256 } })}
        />
      )}
    </>
  )
}
