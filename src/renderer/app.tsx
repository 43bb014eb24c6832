// The application: the frame around every screen, where the person is, and the keys that work everywhere.
import { useCallback, useEffect, useState } from 'react'
import styles from './app.module.css'
import { BenchScreen } from './screens/bench/bench-screen.tsx'
import { SlotActions } from './screens/bench/slot-actions.tsx'
import { FirmwareScreen } from './screens/firmware/firmware-screen.tsx'
import { Announcer } from './screens/frame/announcer.tsx'
import { Banners } from './screens/frame/banners.tsx'
import { BottomStrip, places } from './screens/frame/bottom-strip.tsx'
import { HelpOverlay } from './screens/frame/help-overlay.tsx'
import { KeyboardProvider, useKeys, useScans } from './screens/frame/keyboard-context.tsx'
import { TopStrip } from './screens/frame/top-strip.tsx'
import { useSounds } from './screens/frame/use-sounds.ts'
import { HistoryScreen } from './screens/history/history-screen.tsx'
import {
  benchRoute,
  historyRoute,
  type Navigate,
  type Route,
  readRoute,
  routeAbove,
  routeText,
} from './screens/route.ts'
import { SettingsScreen } from './screens/settings/settings-screen.tsx'
import { SlotScreen } from './screens/slot/slot-screen.tsx'
import type { DoorLink } from './station/link.ts'
import type { BenchMirror } from './station/mirror.ts'
import { StationProvider } from './station/station-context.tsx'
import { useBench } from './station/use-bench.ts'
import { screens } from './text/screens.ts'

interface AppProps {
  readonly link: DoorLink
  readonly mirror: BenchMirror
}

export function App({ link, mirror }: AppProps) {
  return (
    <StationProvider link={link} mirror={mirror}>
      <KeyboardProvider>
        <Pages />
      </KeyboardProvider>
    </StationProvider>
  )
}

function Pages() {
  const [wishedRoute, navigate] = useRoute()
  const isFocused = useBench((mirror) => mirror.station()?.focus != null)
  const route = isFocused && !staysInFocus(wishedRoute) ? benchRoute : wishedRoute
  const [wished, setSelected] = useState<number | null>(null)
  const selected = useBench((mirror) => (wished !== null && mirror.slotNumbers().includes(wished) ? wished : null))
  const [isHelpOpen, setIsHelpOpen] = useState(false)
  useSounds()
  usePageKeys({ route, isFocused, navigate, onSelect: setSelected, onHelp: () => setIsHelpOpen(true) })
  const actsOn = route.screen === 'slot' ? route.slot : selected
  return (
    <div className={styles['app']} data-focused={isFocused || undefined}>
      <TopStrip />
      <Banners navigate={navigate} />
      <main className={styles['main']} data-screen={route.screen}>
        {route.screen !== 'slot' && <h1 className={styles['unseen']}>{screens[route.screen]}</h1>}
        <Screen route={route} navigate={navigate} selected={selected} onSelect={setSelected} />
      </main>
      <BottomStrip route={route} navigate={navigate} isFocused={isFocused} onHelp={() => setIsHelpOpen(true)}>
        {(route.screen === 'bench' || route.screen === 'slot') && (
          <SlotActions key={route.screen} selected={actsOn} navigate={navigate} offersOpen={route.screen === 'bench'} />
        )}
      </BottomStrip>
      <Announcer />
      {isHelpOpen && <HelpOverlay onClose={() => setIsHelpOpen(false)} />}
    </div>
  )
}

interface PageKeys {
  readonly route: Route
  readonly isFocused: boolean
  readonly navigate: Navigate
  readonly onSelect: (slot: number) => void
  readonly onHelp: () => void
}

/** Keys and scans that mean the same on every screen. */
function usePageKeys({ route, isFocused, navigate, onSelect, onHelp }: PageKeys): void {
  useScans((command) => {
    if (command.kind === 'search' && !isFocused) navigate(historyRoute(command.text))
    if (command.kind === 'slot') {
      onSelect(command.slot)
      navigate(benchRoute)
    }
    return true
  }, 'page')
  useKeys((key) => {
    if (key === 'F1') onHelp()
    const to = key === 'Escape' ? routeAbove(route) : places.find((place) => place.key === key)?.to
    if (to !== undefined && (!isFocused || staysInFocus(to))) navigate(to)
    // F5 would load the page anew; on a screen without slots it does nothing.
    return key === 'F1' || key === 'F5' || to !== undefined
  }, 'page')
}

/** Opened on one pack, a station shows its bench and its slots; the rest is hidden until a person leaves the pack. */
function staysInFocus(route: Route): boolean {
  return route.screen === 'bench' || route.screen === 'slot'
}

interface ScreenProps {
  readonly route: Route
  readonly navigate: Navigate
  readonly selected: number | null
  readonly onSelect: (slot: number | null) => void
}

function Screen({ route, navigate, selected, onSelect }: ScreenProps) {
  switch (route.screen) {
    case 'bench':
      return <BenchScreen selected={selected} onSelect={onSelect} navigate={navigate} />
    case 'slot':
      return <SlotScreen slot={route.slot} navigate={navigate} />
    case 'history':
      return <HistoryScreen key={`${route.text} ${route.outcome}`} place={route} navigate={navigate} />
    case 'firmware':
      return <FirmwareScreen />
    case 'settings':
      return <SettingsScreen />
  }
}

function useRoute(): readonly [Route, Navigate] {
  const [route, setRoute] = useState(() => readRoute(window.location.hash))
  useEffect(() => {
    const follow = () => setRoute(readRoute(window.location.hash))
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [])
  const navigate = useCallback((to: Route) => {
    window.history.pushState(null, '', routeText(to))
    setRoute(to)
  }, [])
  return [route, navigate]
}
