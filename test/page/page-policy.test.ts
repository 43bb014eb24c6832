import { describe, expect, it } from 'vitest'
import { contentPolicy, policyHeaders } from '../../src/main/page/page-policy.ts'

describe('the content policy', () => {
  it('allows nothing inline and nothing from elsewhere', () => {
    expect(contentPolicy).toMatch(/^default-src 'self';/)
    expect(contentPolicy).not.toMatch(/unsafe|sha256|nonce|https?:|\*|blob:/)
  })

  it('closes frames, plugins, workers, forms and base addresses', () => {
    for (const name of ['frame-src', 'object-src', 'worker-src', 'form-action', 'base-uri', 'frame-ancestors']) {
      expect(contentPolicy).toContain(`${name} 'none'`)
    }
  })

  it('goes with headers that keep the page to itself', () => {
    expect(policyHeaders).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
  })
})
