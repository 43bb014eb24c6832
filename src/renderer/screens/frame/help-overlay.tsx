// All keys, scanner commands and tile words on one page.
import { help } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './help-overlay.module.css'
import { useDialogKeys } from './use-dialog-keys.ts'

export function HelpOverlay({ onClose }: { readonly onClose: () => void }) {
  useDialogKeys({ Escape: onClose, F1: onClose })
  return (
    <Dialog title={help.title} onClose={onClose} actions={<Button onPress={onClose}>{help.close}</Button>}>
      <div className={styles['columns']}>
        <Part heading={help.keysHeading} rows={help.keys} />
        <div className={styles['column']}>
          <Part heading={help.scanHeading} rows={help.scans} />
          <Part heading={help.colourHeading} rows={help.tiles} />
        </div>
      </div>
    </Dialog>
  )
}

interface PartProps {
  readonly heading: string
  readonly rows: readonly (readonly [string, string])[]
}

function Part({ heading, rows }: PartProps) {
  return (
    <section>
      <h3>{heading}</h3>
      <dl className={styles['rows']}>
        {rows.map(([key, meaning]) => (
          <div key={key} className={styles['row']}>
            <dt>{key}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
