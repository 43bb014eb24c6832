// Sounds of the bench while somebody wants them. A key or a touch anywhere silences a failure that repeats.
import { useEffect } from 'react'
import { later } from '../../station/later.ts'
import { useStation } from '../../station/station-context.tsx'
import { useSoundWish } from '../../ui/sound-wish.ts'
import { playCue } from '../../ui/sounds.ts'
import { startBenchCues } from './bench-cues.ts'

export function useSounds(): void {
  const { mirror } = useStation()
  const [isOn] = useSoundWish()
  useEffect(() => {
    if (!isOn) return
    const cues = startBenchCues({ mirror, later, play: playCue })
    window.addEventListener('keydown', cues.acknowledge, true)
    window.addEventListener('pointerdown', cues.acknowledge, true)
    return () => {
      window.removeEventListener('keydown', cues.acknowledge, true)
      window.removeEventListener('pointerdown', cues.acknowledge, true)
      cues.stop()
    }
  }, [mirror, isOn])
}
