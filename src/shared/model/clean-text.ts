// Text that a device says of itself, as it may go to screens, logs, terminals and the ledger. Pure.

const padding = /^[\s\p{C}]+|[\s\p{C}]+$/gu
const obeyed = /[\p{C}\p{Zl}\p{Zp}]/gu

/** On one line, without space around it and without what a screen would obey; a control or half character becomes U+FFFD. */
export function cleanText(text: string): string {
  return text.replaceAll(padding, '').replaceAll(obeyed, '\uFFFD')
}
