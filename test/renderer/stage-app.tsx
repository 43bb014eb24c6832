// Puts the application on a fake station into the page of a test.
import { act, cleanup, render } from '@testing-library/react'
import { App } from '../../src/renderer/app.tsx'
import { mirrorBench } from '../../src/renderer/station/mirror.ts'
import type { FeedFrame, FeedName } from '../../src/shared/contract/contract.ts'
import type { SlotView, StationView } from '../../src/shared/model/slot.ts'
import { type Answers, fakeLink } from './fake-link.ts'
import { fullFrame, stationView } from './samples.ts'

interface StageOptions {
  readonly slots: readonly SlotView[]
  readonly station?: StationView
  readonly answers?: Answers
}

export function stageApp({ slots, station = stationView(), answers = {} }: StageOptions) {
  window.history.replaceState(null, '', '#bench')
  const link = fakeLink({ answers, firstFrame: () => fullFrame(slots, station) })
  const page = render(<App link={link} mirror={mirrorBench(link)} />)
  return {
    link,
    page,
    push<N extends FeedName>(feed: N, frame: FeedFrame<N>) {
      act(() => link.push(feed, frame))
    },
  }
}

/** A person's key: one, and then long nothing. */
export async function press(key: string, target: EventTarget = document.activeElement ?? document.body): Promise<void> {
  await act(async () => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true, cancelable: true }))
    await new Promise((resolve) => setTimeout(resolve, 70))
  })
}

/**
 * A scanner's text: a key every millisecond by the time stamps of the events, however busy this computer is, then Enter.
 * Returns the keys that nobody held back.
 */
export async function scan(
  text: string,
  target: EventTarget = document.activeElement ?? document.body,
): Promise<string[]> {
  const letThrough: string[] = []
  await act(async () => {
    let at = performance.now()
    for (const key of [...text, 'Enter']) {
      const down = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      at += 1
      Object.defineProperty(down, 'timeStamp', { value: at })
      const isFree = target.dispatchEvent(down)
      if (isFree) letThrough.push(key)
      if (isFree && key.length === 1 && target instanceof HTMLInputElement) typeInto(target, key)
      target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true, cancelable: true }))
    }
    await new Promise((resolve) => setTimeout(resolve, 70))
  })
  return letThrough
}

/** What a browser does with a letter that nobody held back. */
function typeInto(field: HTMLInputElement, letter: string): void {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  setter?.call(field, field.value + letter)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

export function clearStage(): void {
  cleanup()
  window.localStorage.clear()
}
