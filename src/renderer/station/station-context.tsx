// The station as a React context: the link and the mirror over it. Screens take it from here; parts below them get
// plain values.
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { Fault } from '../../shared/fault/fault.ts'
import type { DoorLink } from './link.ts'
import type { BenchMirror } from './mirror.ts'

interface Station {
  readonly link: DoorLink
  readonly mirror: BenchMirror
}

const StationContext = createContext<Station | null>(null)

export function StationProvider({ link, mirror, children }: Station & { readonly children: ReactNode }) {
  const station = useMemo(() => ({ link, mirror }), [link, mirror])
  return <StationContext value={station}>{children}</StationContext>
}

export function useStation(): Station {
  const station = useContext(StationContext)
  if (station === null) throw new Fault('INTERNAL', 'a screen was drawn without a station')
  return station
}
