// An address fragment leads back to the place that wrote it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benchRoute, historyRoute, type Route, readRoute, routeText } from '../../src/renderer/screens/route.ts'

describe('places and their addresses', () => {
  it('belong together, whatever was searched', () => {
    const routes = fc.oneof(
      fc.constantFrom<Route>(benchRoute, { screen: 'firmware' }, { screen: 'settings' }),
      fc.integer({ min: 1, max: 32 }).map((slot): Route => ({ screen: 'slot', slot })),
      fc.tuple(fc.string(), fc.option(fc.string({ minLength: 1 })), fc.string()).map((parts) => historyRoute(...parts)),
    )
    fc.assert(
      fc.property(routes, (route) => {
        expect(readRoute(routeText(route))).toEqual(route)
      }),
    )
  })

  it.each(['', '#', '#nowhere', '#slot/x', '#slot/123'])('lead to the bench when they mean nothing: %s', (text) => {
    expect(readRoute(text)).toEqual(benchRoute)
  })

  it('survive a broken escape', () => expect(readRoute('#history/%E0%A4%A')).toEqual(historyRoute()))
})
