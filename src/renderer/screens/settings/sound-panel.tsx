// Sounds of this screen: off until somebody wants them.
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useSoundWish } from '../../ui/sound-wish.ts'
import { playCue } from '../../ui/sounds.ts'
import styles from './settings-screen.module.css'

export function SoundPanel() {
  const [isOn, setIsOn] = useSoundWish()
  return (
    <Panel title={texts.sound}>
      <p>{texts.soundHelp}</p>
      <div className={styles['line']}>
        <CheckField label={texts.soundOn} isOn={isOn} onChange={setIsOn} />
        <Button onPress={() => playCue('pass')}>{texts.tryPass}</Button>
        <Button onPress={() => playCue('fail')}>{texts.tryFail}</Button>
      </div>
    </Panel>
  )
}
