// The strip below every screen: the single next action in words, what can be done with the selected slot, and the keys
// that lead to the other screens.
import type { ReactNode } from 'react'
import { useBench } from '../../station/use-bench.ts'
import { next } from '../../text/bench.ts'
import { screens } from '../../text/screens.ts'
import { Button } from '../../ui/button.tsx'
import { nextAction } from '../bench/next-action.ts'
import { benchRoute, historyRoute, type Navigate, type Route } from '../route.ts'
import styles from './bottom-strip.module.css'

interface BottomStripProps {
  readonly route: Route
  readonly navigate: Navigate
  /** Opened on one pack: only the bench is to be reached. */
  readonly isFocused: boolean
  readonly onHelp: () => void
  readonly children: ReactNode
}

export function BottomStrip({ route, navigate, isFocused, onHelp, children }: BottomStripProps) {
  return (
    <footer className={styles['strip']}>
      <NextWords />
      {children}
      <nav className={styles['keys']} aria-label={screens.navigation}>
        <Button keyHint="F1" kind="quiet" onPress={onHelp}>
          {screens.help}
        </Button>
        {places
          .filter(({ to }) => !isFocused || to.screen === 'bench')
          .map(({ key, name, to }) => (
            <Button
              key={key}
              keyHint={key}
              kind="quiet"
              isCurrent={to.screen === route.screen}
              onPress={() => navigate(to)}
            >
              {name}
            </Button>
          ))}
      </nav>
    </footer>
  )
}

/** The screens by their function keys. */
export const places: readonly { readonly key: string; readonly name: string; readonly to: Route }[] = [
  { key: 'F2', name: screens.bench, to: benchRoute },
  { key: 'F3', name: screens.history, to: historyRoute() },
  { key: 'F4', name: screens.firmware, to: { screen: 'firmware' } },
  { key: 'F6', name: screens.settings, to: { screen: 'settings' } },
]

function NextWords() {
  const words = useBench((mirror) => nextAction(mirror).words)
  const urge = useBench((mirror) => nextAction(mirror).urge)
  return (
    <p className={styles['next']} data-urge={urge}>
      <span className={styles['label']}>{next.label}</span> <span className={styles['words']}>{words}</span>
    </p>
  )
}
