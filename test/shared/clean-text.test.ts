// What a device says of itself, made harmless for screens, terminals and the ledger.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cleanText } from '../../src/shared/model/clean-text.ts'

const obeyed = /[\p{C}\p{Zl}\p{Zp}]/u

it('keeps plain text of any language', () => {
  for (const text of ['@Internal Flash  /0x08000000/04*016Kg', 'Gerät 7', '基板', '👍'])
    expect(cleanText(text)).toBe(text)
})

it('takes the padding away, and what a screen would obey within', () => {
  expect(cleanText(' \0Program\r\n')).toBe('Program')
  expect(cleanText('a\nb\u001b[31mc\u202ed\u2028e\ud800f')).toBe('a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffdf')
  expect(cleanText('\u200f\n')).toBe('')
})

it('leaves nothing to be cleaned a second time, whatever it gets', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
      (text) => {
        const clean = cleanText(text)
        expect(cleanText(clean)).toBe(clean)
        expect(obeyed.test(clean)).toBe(false)
      },
    ),
  )
})

it('takes no time for long padding within', () => {
  const begunAt = performance.now()
  expect(cleanText(`a${' '.repeat(300_000)}b${'\u0001'.repeat(300_000)}c \u{1f600} `)).toHaveLength(600_006)
  expect(performance.now() - begunAt).toBeLessThan(3_000)
})
