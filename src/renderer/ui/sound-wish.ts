// Whether this screen makes sounds: kept in the browser, because it belongs to the place where the screen stands.
import { useSyncExternalStore } from 'react'

const key = 'dfu-station.sound'
const listeners = new Set<() => void>()

function wantsSound(): boolean {
  return window.localStorage.getItem(key) === 'on'
}

function setSoundWish(isOn: boolean): void {
  window.localStorage.setItem(key, isOn ? 'on' : 'off')
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function useSoundWish(): readonly [boolean, (isOn: boolean) => void] {
  return [useSyncExternalStore(subscribe, wantsSound), setSoundWish]
}
