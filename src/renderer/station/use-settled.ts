// A value that follows after it has stood still for a while: what is typed is not asked letter by letter.
import { useEffect, useState } from 'react'
import { later } from './later.ts'

export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => later(ms, () => setSettled(value)), [value, ms])
  return settled
}
