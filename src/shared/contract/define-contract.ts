// From one contract object, by type alone: what the station must answer and what a door may ask. Two verbs: call and
// watch. Inputs are checked at run time wherever they come in; outputs are the station's own and typed only.
import { z } from 'zod'
import { asFault, type FaultReport, faultFrom, reportOf } from '../fault/fault.ts'

export interface CallDefinition<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input
  readonly output: z.ZodType<Output>
}

export interface ContractDefinition {
  readonly calls: Readonly<Record<string, CallDefinition>>
  readonly feeds: Readonly<Record<string, z.ZodType>>
}

/** A call with an input schema and an output that is known by type. */
export function takes<Input extends z.ZodType>(input: Input) {
  return {
    gives: <Output>(): CallDefinition<Input, Output> => ({ input, output: z.custom<Output>(() => true) }),
  }
}

export function feed<Frame>(): z.ZodType<Frame> {
  return z.custom<Frame>(() => true)
}

export type CallsOf<C extends ContractDefinition> = keyof C['calls'] & string
export type FeedsOf<C extends ContractDefinition> = keyof C['feeds'] & string
/** What a caller writes: fields with a default may be left out. */
export type InputOf<C extends ContractDefinition, N extends CallsOf<C>> = z.input<C['calls'][N]['input']>
/** What a handler gets: checked and complete. */
export type CheckedInputOf<C extends ContractDefinition, N extends CallsOf<C>> = z.output<C['calls'][N]['input']>
export type OutputOf<C extends ContractDefinition, N extends CallsOf<C>> = z.infer<C['calls'][N]['output']>
export type FrameOf<C extends ContractDefinition, N extends FeedsOf<C>> = z.infer<C['feeds'][N]>

export type HandlersOf<C extends ContractDefinition> = {
  readonly [N in CallsOf<C>]: (input: CheckedInputOf<C, N>) => Promise<OutputOf<C, N>>
}

/** What every answer is on the wire: a value or a fault, never a throw across a process border. */
export type CallOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: FaultReport }

export async function outcomeOf<T>(work: () => Promise<T>): Promise<CallOutcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, fault: reportOf(asFault(thrown)) }
  }
}

/** The value, or the fault thrown with its code intact. */
export function unwrap<T>(outcome: CallOutcome<T>): T {
  if (outcome.ok) return outcome.value
  throw faultFrom(outcome.fault)
}
