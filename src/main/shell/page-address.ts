// The page's own scheme: a real origin with a content policy, where file: would be every file of the computer.

export const pageOrigin = 'app://station'
export const pageAddress = `${pageOrigin}/index.html`
