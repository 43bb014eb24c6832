// The form of a row of the fault table. outcome: fail judges the board, error judges the station. retry: auto (the
// station tries again by itself), operator (start again by hand), never.

export interface FaultRow {
  readonly outcome: 'fail' | 'error'
  readonly retry: 'auto' | 'operator' | 'never'
  /** What happened, at most 60 characters. */
  readonly title: string
  /** What the operator does now. */
  readonly remedy: string
  /** What it means and where to look. */
  readonly engineer: string
}

export function row(
  outcome: FaultRow['outcome'],
  retry: FaultRow['retry'],
  texts: Pick<FaultRow, 'title' | 'remedy' | 'engineer'>,
): FaultRow {
  return { outcome, retry, ...texts }
}
