// One pack of the station: what it is called, who signed it, and what can be done with it; the rest behind a fold.
import { describeFault, type FaultReport } from '../../../shared/fault/fault.ts'
import type { PackView } from '../../../shared/model/pack-view.ts'
import { stampText } from '../../text/format.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PackBadge } from './pack-badge.tsx'
import { packRows } from './pack-rows.ts'
import styles from './packs.module.css'

interface PackRowProps {
  readonly pack: PackView
  readonly isBusy: boolean
  readonly onUse: (focus: boolean) => void
  readonly onRemove: () => void
}

export function PackRow({ pack, isBusy, onUse, onRemove }: PackRowProps) {
  const taken = packs.facts.takenFrom(stampText(pack.takenAt), pack.takenFrom)
  return (
    <li className={styles['pack']} data-standing={pack.standing}>
      <details className={styles['fold']}>
        <summary>
          <strong>{pack.name}</strong>
          <span>{packs.version(pack.version)}</span>
          <PackBadge standing={pack.standing} />
          {pack.isChosen && (
            <span className={styles['chosen']}>
              <Glyph name="check" />
              {packs.inUse}
            </span>
          )}
        </summary>
        <Facts rows={[...packRows(pack), { name: packs.facts.taken, value: taken }]} />
      </details>
      <div className={styles['buttons']}>
        <Button
          kind={pack.isChosen || pack.fault !== null ? 'plain' : 'main'}
          label={packs.useOf(pack.name)}
          isDisabled={isBusy || pack.isChosen}
          onPress={() => onUse(false)}
        >
          {packs.use}
        </Button>
        <Button label={packs.useAloneOf(pack.name)} isDisabled={isBusy} onPress={() => onUse(true)}>
          {packs.useAlone}
        </Button>
        <Button label={packs.removeOf(pack.name)} isDisabled={isBusy} onPress={onRemove}>
          {packs.remove}
        </Button>
      </div>
      {pack.fault !== null && (
        <div className={styles['whole']}>
          <Notice tone={pack.standing === 'altered' ? 'fail' : 'warn'}>{sentences(pack.fault)}</Notice>
        </div>
      )}
    </li>
  )
}

function sentences(fault: FaultReport): string {
  const { title, remedy } = describeFault(fault)
  return `${title}. ${remedy}`
}
