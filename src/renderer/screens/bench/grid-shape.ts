// How many columns and rows the bench has on screen, so that every slot fits without scrolling. The order is that of the
// sockets: row by row, never sorted.

export interface GridShape {
  readonly columns: number
  readonly rows: number
}

/** Wide screens get wide grids: 8 slots are 4 x 2, 32 are 8 x 4. */
export function gridShape(slots: number): GridShape {
  const columns = columnSteps.find((step) => slots <= step.upTo)?.columns ?? 8
  return { columns, rows: Math.max(1, Math.ceil(slots / columns)) }
}

const columnSteps = [
  { upTo: 1, columns: 1 },
  { upTo: 4, columns: 2 },
  { upTo: 6, columns: 3 },
  { upTo: 12, columns: 4 },
  { upTo: 15, columns: 5 },
  { upTo: 16, columns: 4 },
  { upTo: 20, columns: 5 },
  { upTo: 24, columns: 6 },
  { upTo: 28, columns: 7 },
] as const

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The place beside `place` (0-based) in a bench of `slots`; the same place where there is none. */
export function neighbour(place: number, direction: Direction, slots: number): number {
  const { columns } = gridShape(slots)
  const column = place % columns
  const wish = {
    left: column === 0 ? place : place - 1,
    right: column === columns - 1 ? place : place + 1,
    up: place - columns,
    down: place + columns,
  }[direction]
  return wish < 0 || wish >= slots ? place : wish
}
