// A place in the flash of a board as people read it.

/** "0x08000000" */
export function addressText(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`
}

/** "Internal Flash at 0x08000000", or "Program" of a memory that has no addresses. */
export function placeText({ memory, address }: { readonly memory: string; readonly address: number | null }): string {
  return address === null ? memory : `${memory} at ${addressText(address)}`
}
