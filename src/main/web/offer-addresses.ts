// Another address on demand: each opens the station once, so a person at the terminal asks for the next by pressing
// Enter. Only where there is a person: a script's input is left alone.
import type { WebDoor } from './serve-web.ts'

export interface PersonsInput {
  readonly isTTY?: boolean
  on(event: 'data', listener: () => void): unknown
  off(event: 'data', listener: () => void): unknown
  pause(): unknown
}

/** Returns the stop, after which the input no longer keeps the process alive. */
export function offerAddresses(door: WebDoor, input: PersonsInput, print: (line: string) => void): () => void {
  if (!input.isTTY) return () => undefined
  print('Each address opens once. Press Enter for another.')
  const give = () => print(`Another address: ${door.newUrl()}`)
  input.on('data', give)
  return () => {
    input.off('data', give)
    input.pause()
  }
}
