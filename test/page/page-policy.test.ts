import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contentPolicy } from '../../src/main/page/page-policy.ts'

describe('the content policy', () => {
  it('allows nothing inline and nothing from elsewhere', () => {
    expect(contentPolicy).not.toMatch(/unsafe|https?:|\*|blob:/)
  })

  it('allows the one style element of react-aria, as the installed version writes it', () => {
    const source = readFileSync(
      new URL('../../node_modules/react-aria/dist/private/interactions/usePress.mjs', import.meta.url),
      'utf8',
    )
    const attribute = /PRESSABLE_ATTRIBUTE = '([^']+)'/.exec(source)?.[1] ?? 'not found'
    const template = /style\.textContent = `([^`]+)`\.trim\(\)/.exec(source)?.[1] ?? 'not found'
    const text = template.replace(/\$\{[^}]+PRESSABLE_ATTRIBUTE\}/, attribute).trim()
    const hash = createHash('sha256').update(text).digest('base64')
    expect(contentPolicy).toContain(`'sha256-${hash}'`)
  })
})
