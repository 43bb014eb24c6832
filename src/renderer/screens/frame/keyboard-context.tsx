// The page's keyboard as a React context, and the two hooks by which screens and dialogs listen.
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { Fault } from '../../../shared/fault/fault.ts'
import { later } from '../../station/later.ts'
import { createKeyboard, type Keyboard, type KeyListener, type Level, type ScanListener } from './keyboard.ts'

const KeyboardContext = createContext<Keyboard | null>(null)

export function KeyboardProvider({ children }: { readonly children: ReactNode }) {
  const [keyboard] = useState(() => createKeyboard(later))
  useEffect(() => keyboard.attach(window), [keyboard])
  return <KeyboardContext value={keyboard}>{children}</KeyboardContext>
}

function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext)
  if (keyboard === null) throw new Fault('INTERNAL', 'a screen was drawn without a keyboard')
  return keyboard
}

/** Listens while the component is there. */
export function useKeys(listener: KeyListener, level: Level = 'screen'): void {
  const keyboard = useKeyboard()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => keyboard.onKey((key) => latest.current(key), level), [keyboard, level])
}

export function useScans(listener: ScanListener, level: Level = 'screen'): void {
  const keyboard = useKeyboard()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => keyboard.onScan((command) => latest.current(command), level), [keyboard, level])
}
