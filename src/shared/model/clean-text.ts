// Text that a device says of itself, as it may go to screens, logs, terminals and the ledger. Pure.

const padding = /^[\s\p{C}]$/u
const obeyed = /[\p{C}\p{Zl}\p{Zp}]/gu

/** On one line, without space around it and without what a screen would obey; a control or half character becomes U+FFFD. */
export function cleanText(text: string): string {
  // Sign by sign: a pattern for padding at the end begins anew at each space of a long text.
  const signs = [...text]
  const isKept = (sign: string) => !padding.test(sign)
  const kept = signs.slice(Math.max(0, signs.findIndex(isKept)), signs.findLastIndex(isKept) + 1)
  return kept.join('').replaceAll(obeyed, '\uFFFD')
}
