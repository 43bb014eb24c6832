// Says that the station is opened on one pack with the rest hidden, and the deliberate way out.
import { useState } from 'react'
import { useAct } from '../../station/use-answer.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TypedDialog } from './typed-dialog.tsx'

export function FocusBanner({ name }: { readonly name: string }) {
  const act = useAct()
  const [isAsking, setIsAsking] = useState(false)
  const leave = async (typed: string) => {
    if ((await act.run('leaveFocus', { typed })) !== null) setIsAsking(false)
  }
  return (
    <>
      <Notice tone="plain" actions={<Button onPress={() => setIsAsking(true)}>{packs.leave}</Button>}>
        {packs.focusOn(name)}
      </Notice>
      {isAsking && (
        <TypedDialog
          title={packs.leaveTitle(name)}
          help={packs.leaveHelp(name)}
          label={packs.leaveTyped}
          wanted={name}
          confirm={packs.confirmLeave}
          fault={act.fault}
          onClose={() => setIsAsking(false)}
          onConfirm={(typed) => void leave(typed)}
        />
      )}
    </>
  )
}
