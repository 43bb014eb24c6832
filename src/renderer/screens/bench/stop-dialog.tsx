// Asks before boards are stopped half way. X again, or STOP scanned again, is the yes.
import { stopDialog } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'

interface StopDialogProps {
  readonly slots: readonly number[]
  readonly onStop: () => void
  readonly onCancel: () => void
}

export function StopDialog({ slots, onStop, onCancel }: StopDialogProps) {
  useDialogKeys({ x: onStop, Escape: onCancel })
  return (
    <Dialog
      title={stopDialog.title(slots.join(', '), slots.length)}
      role="alertdialog"
      onClose={onCancel}
      actions={
        <>
          <Button onPress={onCancel}>{stopDialog.cancel}</Button>
          <Button kind="danger" onPress={onStop}>
            {stopDialog.confirm}
          </Button>
        </>
      }
    >
      <p>{stopDialog.body}</p>
    </Dialog>
  )
}
