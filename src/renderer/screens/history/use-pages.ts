// The way through the pages: the cursors that led here, newest page first. Another filter begins at the newest page.
import { useState } from 'react'
import type { FilterFields } from './record-filter.ts'

export interface Pages {
  /** Of the page that is shown; null for the newest. */
  readonly cursor: string | null
  readonly depth: number
  readonly older: (cursor: string) => void
  readonly newer: () => void
}

export function usePages(fields: FilterFields): Pages {
  const [trail, setTrail] = useState<{ readonly fields: FilterFields; readonly cursors: readonly string[] }>({
    fields,
    cursors: [],
  })
  const cursors = trail.fields === fields ? trail.cursors : []
  return {
    cursor: cursors.at(-1) ?? null,
    depth: cursors.length,
    older: (cursor) => setTrail({ fields, cursors: [...cursors, cursor] }),
    newer: () => setTrail({ fields, cursors: cursors.slice(0, -1) }),
  }
}
