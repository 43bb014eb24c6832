// Everything about packs, as the station tells it: asked once, then followed, because a watched folder changes it alone.
import { useEffect, useState } from 'react'
import type { FaultReport } from '../../../shared/fault/fault.ts'
import type { PacksView } from '../../../shared/model/pack-view.ts'
import { useStation } from '../../station/station-context.tsx'
import { useAnswer } from '../../station/use-answer.ts'

export interface Packs {
  readonly view: PacksView | null
  readonly fault: FaultReport | null
  readonly replace: (view: PacksView) => void
  readonly refresh: () => void
}

export function usePacks(onNews: () => void): Packs {
  const { link } = useStation()
  const answer = useAnswer('listPacks', {})
  const { replace, refresh } = answer
  const [tell] = useState(() => ({ news: onNews }))
  tell.news = onNews
  useEffect(
    () =>
      link.watch('packs', (view) => {
        replace(view)
        tell.news()
      }),
    [link, replace, tell],
  )
  return { view: answer.value, fault: answer.fault, replace, refresh }
}
