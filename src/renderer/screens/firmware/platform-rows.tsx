// One row for each platform of the library: taken or not, with which Device OS, with which user firmware.
import type { HeldRelease } from '../../../shared/model/firmware-view.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { shortHash } from '../../text/format.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { CheckField, ChoiceField } from '../../ui/fields.tsx'
import styles from './recipe-composer.module.css'
import { platformsOf, type RecipeDraft, userModulesOf, versionFor } from './recipe-draft.ts'
import { linesOf, type Shelf } from './version-menu.ts'

interface PlatformRowsProps {
  readonly library: Shelf
  readonly draft: RecipeDraft
  readonly onChange: (changes: Partial<RecipeDraft>) => void
}

export function PlatformRows({ library, draft, onChange }: PlatformRowsProps) {
  const platforms = platformsOf(library, draft.job)
  const take = (platform: PlatformName, isTaken: boolean) =>
    onChange({
      platforms: platforms.filter((name) => (name === platform ? isTaken : draft.platforms.includes(name))),
    })
  return (
    <fieldset className={styles['platforms']} data-compact={draft.job === 'identify' || undefined}>
      <legend>{recipeTexts.platforms}</legend>
      {platforms.length === 0 && <p>{recipeTexts.noSets}</p>}
      {platforms.map((platform) => (
        <div key={platform} className={styles['platform']}>
          <CheckField
            label={platform}
            isOn={draft.platforms.includes(platform)}
            onChange={(isTaken) => take(platform, isTaken)}
          />
          {draft.platforms.includes(platform) && draft.job !== 'identify' && (
            <PlatformChoices library={library} draft={draft} platform={platform} onChange={onChange} />
          )}
        </div>
      ))}
    </fieldset>
  )
}

function PlatformChoices(props: PlatformRowsProps & { readonly platform: PlatformName }) {
  const { library, draft, platform, onChange } = props
  const users = userModulesOf(library, platform).map((module) => ({
    value: module.sha256 as string,
    label: recipeTexts.moduleChoice(module.source, module.version, shortHash(module.sha256)),
  }))
  return (
    <>
      {draft.deviceOs !== 'keep' && <DeviceOsChoice {...props} />}
      {draft.user === 'modules' && (
        <ChoiceField
          label={recipeTexts.userOf(platform)}
          value={draft.userModules[platform] ?? ''}
          choices={[none, ...users]}
          onChange={(sha256) => onChange({ userModules: { ...draft.userModules, [platform]: sha256 } })}
        />
      )}
    </>
  )
}

const none = { value: '', label: recipeTexts.notChosen }

function DeviceOsChoice({
  library,
  draft,
  platform,
  onChange,
}: PlatformRowsProps & { readonly platform: PlatformName }) {
  if (draft.deviceOs === 'needed') {
    return (
      <p className={styles['needed']}>
        {recipeTexts.deviceOs} <strong>{versionFor(draft, library, platform) ?? '–'}</strong>
      </p>
    )
  }
  const choices = linesOf(library, platform).flatMap(({ name, isLongTerm, releases }) =>
    releases.map((release) => ({
      value: release.deviceOs,
      label: versionLabel(release),
      group: isLongTerm ? recipeTexts.longTermLine(name) : recipeTexts.versionLine(name),
    })),
  )
  return (
    <ChoiceField
      label={recipeTexts.versionOf(platform)}
      value={versionFor(draft, library, platform) ?? ''}
      choices={[none, ...choices]}
      onChange={(version) => onChange({ versions: { ...draft.versions, [platform]: version } })}
    />
  )
}

function versionLabel({ deviceOs, lacks, isRecommended, isSynthetic }: HeldRelease): string {
  const version = isSynthetic ? recipeTexts.synthetic(deviceOs) : deviceOs
  if (lacks.length > 0) return recipeTexts.incomplete(version)
  return isRecommended ? recipeTexts.recommended(version) : version
}
