// Every bench from 1 to 32 slots has a grid without scrolling, and every slot can be reached by walking.
import { describe, expect, it } from 'vitest'
import { gridShape, neighbour } from '../../src/renderer/screens/bench/grid-shape.ts'
import { createSlotDigits } from '../../src/renderer/screens/bench/slot-digits.ts'

const sizes = Array.from({ length: 32 }, (_, place) => place + 1)

describe('the shape of the bench', () => {
  it.each(sizes)('holds %i slots in at most 8 columns and 5 rows, without an empty row', (slots) => {
    const { columns, rows } = gridShape(slots)
    expect(columns * rows).toBeGreaterThanOrEqual(slots)
    expect(columns * (rows - 1)).toBeLessThan(slots)
    expect(columns).toBeLessThanOrEqual(8)
    expect(rows).toBeLessThanOrEqual(5)
  })

  it('is 4 x 2 for 8 slots and 8 x 4 for 32', () => {
    expect(gridShape(8)).toEqual({ columns: 4, rows: 2 })
    expect(gridShape(32)).toEqual({ columns: 8, rows: 4 })
  })

  it.each(sizes)('lets arrow keys reach each of %i slots and leave none', (slots) => {
    const reached = new Set([0])
    for (const place of reached) {
      for (const direction of ['left', 'right', 'up', 'down'] as const) reached.add(neighbour(place, direction, slots))
    }
    expect([...reached].sort((a, b) => a - b)).toEqual(sizes.slice(0, slots).map((slot) => slot - 1))
  })
})

describe('typing the number of a slot', () => {
  it('goes to a slot by one digit, and on to a two-digit slot by a second one soon after', () => {
    const digits = createSlotDigits()
    expect(digits.type('1', sizes, 0)).toBe(1)
    expect(digits.type('2', sizes, 300)).toBe(12)
    expect(digits.type('2', sizes, 600)).toBe(2)
    expect(digits.type('3', sizes, 5000)).toBe(3)
  })

  it('takes the second digit alone when there is no such two-digit slot', () => {
    const digits = createSlotDigits()
    digits.type('7', sizes, 0)
    expect(digits.type('5', sizes, 100)).toBe(5)
  })

  it('goes nowhere for a slot that the bench does not have', () => {
    expect(createSlotDigits().type('9', [1, 2, 3, 4], 0)).toBeNull()
  })
})
