// Small rules of the model: readable values, module names, platforms.
import { describe, expect, it } from 'vitest'
import { isAlreadyCurrent } from '../../src/shared/model/already-current.ts'
import { known, unreadable, valueOrNull } from '../../src/shared/model/identity.ts'
import { moduleName, sameModule } from '../../src/shared/model/module.ts'
import { isPlatformName, platformIds, platformNameOf, platformNames } from '../../src/shared/model/platform.ts'

describe('a readable value', () => {
  it('is known with its value, also where that is empty, or says why not', () => {
    expect(known('')).toEqual({ known: true, value: '' })
    expect(valueOrNull(known(0))).toBe(0)
    expect(unreadable('board is in DFU mode')).toEqual({ known: false, reason: 'board is in DFU mode' })
    expect(valueOrNull(unreadable('board is in DFU mode'))).toBeNull()
  })
})

describe('a finished job', () => {
  const closing = { outcome: 'pass', modules: [], steps: [{ bytes: 0 }] } as const
  const unchanged = { action: 'unchanged', proof: 'read-back' } as const
  const isCurrent = (images: Parameters<typeof isAlreadyCurrent>[0]['closing'] & object) =>
    isAlreadyCurrent({ job: 'flash', closing: images })

  it('found a device current only when every piece of its image was left as it was, and was proven', () => {
    expect(isCurrent({ ...closing, images: [unchanged, unchanged] })).toBe(true)
    expect(isCurrent({ ...closing, images: [unchanged, { ...unchanged, action: 'written' }] })).toBe(false)
    expect(isCurrent({ ...closing, images: [{ ...unchanged, proof: 'none' }] })).toBe(false)
    expect(isCurrent({ ...closing, images: [] })).toBe(false)
  })
})

describe('a module', () => {
  it('is named by kind, and by index where there are several', () => {
    expect(moduleName({ kind: 'bootloader', index: 0 })).toBe('bootloader')
    expect(moduleName({ kind: 'system', index: 1 })).toBe('system 1')
  })

  it('is the same one by kind and index, whatever its version', () => {
    const system = { kind: 'system', index: 1, version: 4006 } as const
    expect(sameModule(system, { kind: 'system', index: 1 })).toBe(true)
    expect(sameModule(system, { kind: 'system', index: 2 })).toBe(false)
    expect(sameModule(system, { kind: 'user', index: 1 })).toBe(false)
  })
})

describe('a platform', () => {
  it.each(platformNames)('%s is found by its number and by its name', (name) => {
    expect(platformNameOf(platformIds[name])).toBe(name)
    expect(isPlatformName(name)).toBe(true)
  })

  it('has a number of its own', () => {
    expect(new Set(Object.values(platformIds)).size).toBe(platformNames.length)
  })

  it.each(['core', 'Boron', 'toString', '__proto__', ''])('is not %j', (text) => {
    expect(isPlatformName(text)).toBe(false)
  })

  it.each([0, 5, 31, -1, 1.5, Number.NaN])('has not the number %d', (number) => {
    expect(platformNameOf(number)).toBeNull()
  })
})
