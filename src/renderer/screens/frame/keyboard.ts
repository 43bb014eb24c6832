// The keyboard of the whole page in one place: it sees each key before anything else does, tells scans from typing, and
// offers what is left to its listeners: a dialog before the screen, the screen before the page. It knows no screen.
import type { Later } from '../../station/later.ts'
import { createScanMachine, readScan, type ScanCommand, type ScanMachine, scanGapMs } from '../bench/scan.ts'

/** true: used, nothing else gets it. leave: no other listener gets it, the page does. false: ask the next listener. */
export type Use = boolean | 'leave'
/** Keys as KeyboardEvent.key names them. */
export type KeyListener = (key: string) => Use
export type ScanListener = (command: ScanCommand) => Use

/** Who is asked first: dialogs, then screens, then the page; among equals the newest. */
export type Level = 'page' | 'screen' | 'dialog'

export interface Keyboard {
  onKey(listener: KeyListener, level: Level): () => void
  onScan(listener: ScanListener, level: Level): () => void
  /** Begins to listen; the result ends it. */
  attach(page: Window): () => void
}

export function createKeyboard(later: Later): Keyboard {
  const keys = listenerStack<string>()
  const scans = listenerStack<ScanCommand>()
  const hear = (text: string) => {
    const command = readScan(text)
    if (command !== null) scans.offer(command)
  }
  return {
    onKey: keys.add,
    onScan: scans.add,
    attach(page) {
      const atPage = pageKeys({ later, typed: keys.offer, scanned: hear })
      const inField = fieldKeys(hear)
      const down = (event: KeyboardEvent) => (isField(event.target) ? inField(event, keys.offer) : atPage.down(event))
      page.addEventListener('keydown', down, true)
      page.addEventListener('keyup', atPage.up, true)
      return () => {
        page.removeEventListener('keydown', down, true)
        page.removeEventListener('keyup', atPage.up, true)
      }
    },
  }
}

interface PageKeysOptions {
  readonly later: Later
  readonly typed: (key: string) => boolean
  readonly scanned: (text: string) => void
}

/** Keys outside text fields: printable ones are held for a moment, until it is clear who types. */
function pageKeys({ later, typed, scanned }: PageKeysOptions) {
  const machine = createScanMachine()
  const swallowed = new Set<string>()
  let forget = () => {}
  const pass = (keys: readonly string[]) => {
    for (const key of keys) typed(key)
  }
  const printable = (event: KeyboardEvent) => {
    const verdict = machine.key(event.key, event.timeStamp)
    forget()
    forget = later(scanGapMs, () => pass(machine.settle()))
    if (verdict.kind === 'scan') scanned(verdict.text)
    if (verdict.kind === 'typed' || verdict.kind === 'passed') pass(verdict.keys)
    if (verdict.kind !== 'passed') swallow(event, swallowed)
    else if (typed(event.key)) swallow(event, swallowed)
  }
  return {
    down(event: KeyboardEvent) {
      if (isChord(event) || event.key === 'Shift') return
      if (event.key === 'Enter' || isHeldKey(event, machine)) return printable(event)
      if (event.key === ' ') return
      pass(machine.settle())
      if (typed(event.key)) swallow(event, swallowed)
    },
    up(event: KeyboardEvent) {
      if (swallowed.delete(event.key)) stop(event)
    },
  }
}

/** A space alone belongs to the focused button; inside a scan it is a letter like any other. */
function isHeldKey(event: KeyboardEvent, machine: ScanMachine): boolean {
  if (event.key.length !== 1) return false
  return event.key !== ' ' || machine.heldCount() > 0
}

/** In a text field letters go in as ever; when they turn out to be a scan, the field gets its old text back. */
function fieldKeys(scanned: (text: string) => void) {
  const machine = createScanMachine()
  let before: { readonly field: Field; readonly value: string } | null = null
  const letter = (event: KeyboardEvent, field: Field) => {
    const verdict = machine.key(event.key, event.timeStamp)
    if (verdict.kind === 'scan') {
      stop(event)
      if (before?.field === field) writeField(field, before.value)
      scanned(verdict.text)
    } else if (machine.heldCount() === 1) {
      before = { field, value: field.value }
    }
  }
  return (event: KeyboardEvent, named: (key: string) => boolean) => {
    const field = event.target
    if (isChord(event) || !isField(field)) return
    if (isFunctionKey(event.key) && named(event.key)) return stop(event)
    const isLetter = event.key.length === 1 || event.key === 'Enter'
    if (isLetter && field.dataset['takesScans'] === undefined) letter(event, field)
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const buttonLikeInputs = new Set(['button', 'checkbox', 'radio', 'submit', 'reset', 'file', 'range', 'color'])

function isField(target: EventTarget | null): target is Field {
  if (target instanceof HTMLInputElement) return !buttonLikeInputs.has(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** React listens to the setter of the element; the prototype's own setter passes beneath it, and the event tells it. */
function writeField(field: Field, value: string): void {
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field) as object, 'value')?.set
  setter?.call(field, value)
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }))
}

function isFunctionKey(key: string): boolean {
  return key === 'Escape' || /^F\d{1,2}$/.test(key)
}

function isChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey || event.isComposing
}

function swallow(event: KeyboardEvent, swallowed: Set<string>): void {
  swallowed.add(event.key)
  stop(event)
}

function stop(event: KeyboardEvent): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

const order: Readonly<Record<Level, number>> = { dialog: 0, screen: 1, page: 2 }

function listenerStack<T>() {
  let entries: readonly { readonly listener: (value: T) => Use; readonly level: Level }[] = []
  return {
    add(listener: (value: T) => Use, level: Level) {
      const entry = { listener, level }
      entries = [entry, ...entries].toSorted((a, b) => order[a.level] - order[b.level])
      return () => {
        entries = entries.filter((other) => other !== entry)
      }
    },
    /** Whether a listener used it. */
    offer(value: T): boolean {
      for (const { listener } of entries) {
        const use = listener(value)
        if (use !== false) return use === true
      }
      return false
    },
  }
}
