// Calls from a screen: `useAnswer` reads something and reads it again on wish, `useAct` does something once and keeps
// the fault when it was refused. Late answers to old questions are dropped.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallInput, CallName, CallOutput } from '../../shared/contract/contract.ts'
import { asFault, type FaultReport, reportOf } from '../../shared/fault/fault.ts'
import { useStation } from './station-context.tsx'

export interface Answer<T> {
  /** The last answer, also while a new one is on its way; null before the first. */
  readonly value: T | null
  readonly fault: FaultReport | null
  readonly isAsking: boolean
  /** Asks again. */
  readonly refresh: () => void
  /** Puts in a newer value that came by another call. */
  readonly replace: (value: T) => void
}

export function useAnswer<N extends CallName>(name: N, input: CallInput<N>): Answer<CallOutput<N>> {
  const { link } = useStation()
  const [state, setState] = useState<Pick<Answer<CallOutput<N>>, 'value' | 'fault' | 'isAsking'>>(unanswered)
  const [turn, setTurn] = useState(0)
  const question = JSON.stringify(input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks the same question again.
  useEffect(() => {
    let isCurrent = true
    setState((before) => ({ ...before, isAsking: true }))
    link.call(name, JSON.parse(question) as CallInput<N>).then(
      (value) => isCurrent && setState({ value, fault: null, isAsking: false }),
      (thrown: unknown) =>
        isCurrent && setState((before) => ({ ...before, fault: reportOf(asFault(thrown)), isAsking: false })),
    )
    return () => {
      isCurrent = false
    }
  }, [link, name, question, turn])
  const refresh = useCallback(() => setTurn((before) => before + 1), [])
  const replace = useCallback((value: CallOutput<N>) => setState({ value, fault: null, isAsking: false }), [])
  return { ...state, refresh, replace }
}

const unanswered = { value: null, fault: null, isAsking: true } as const

export interface Act {
  readonly isBusy: boolean
  readonly fault: FaultReport | null
  /** Resolves with the answer, or null when it was refused (then `fault` says why). */
  readonly run: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N> | null>
  readonly clear: () => void
}

export function useAct(): Act {
  const { link } = useStation()
  const [state, setState] = useState<Pick<Act, 'isBusy' | 'fault'>>({ isBusy: false, fault: null })
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  const run = useCallback(
    async <N extends CallName>(name: N, input: CallInput<N>) => {
      setState({ isBusy: true, fault: null })
      const result = await link.call(name, input).then(
        (value) => ({ value, fault: null }),
        (thrown: unknown) => ({ value: null, fault: reportOf(asFault(thrown)) }),
      )
      if (isHere.current) setState({ isBusy: false, fault: result.fault })
      return result.value
    },
    [link],
  )
  const clear = useCallback(() => setState({ isBusy: false, fault: null }), [])
  return { ...state, run, clear }
}
