// Where the person is: one value for each place, kept in the fragment of the address so that a reload stays there.

export type Route =
  | { readonly screen: 'bench' }
  | { readonly screen: 'slot'; readonly slot: number }
  | {
      readonly screen: 'history'
      readonly text: string
      readonly recordId: string | null
      /** A result to filter by, or empty. */
      readonly outcome: string
    }
  | { readonly screen: 'firmware' }
  | { readonly screen: 'settings' }

export type Navigate = (route: Route) => void

export const benchRoute: Route = { screen: 'bench' }

export function historyRoute(text = '', recordId: string | null = null, outcome = ''): Route {
  return { screen: 'history', text, recordId, outcome }
}

/** "#slot/3", "#history/4f3a01//", "#history//0190-…/", "#history///interrupted" */
export function routeText(route: Route): string {
  if (route.screen === 'slot') return `#slot/${route.slot}`
  if (route.screen !== 'history') return `#${route.screen}`
  return `#history/${[route.text, route.recordId ?? '', route.outcome].map(encodeURIComponent).join('/')}`
}

/** Anything that is no route is the bench. */
export function readRoute(text: string): Route {
  const [screen = '', first = '', second = '', third = ''] = text.replace(/^#/, '').split('/')
  if (screen === 'slot' && /^\d{1,2}$/.test(first)) return { screen, slot: Number(first) }
  if (screen === 'history') return historyRoute(decode(first), second === '' ? null : decode(second), decode(third))
  if (screen === 'firmware' || screen === 'settings') return { screen }
  return benchRoute
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Escape goes one place up. */
export function routeAbove(route: Route): Route {
  if (route.screen === 'history' && route.recordId !== null) return historyRoute(route.text, null, route.outcome)
  return benchRoute
}
