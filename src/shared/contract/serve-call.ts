// Answers one call of the contract: name known, input checked, handler run, outcome wrapped. Every door serves through
// this, so a bad call is answered CALL_REJECTED on all of them.
import { Fault } from '../fault/fault.ts'
import { type CallName, contract, type Handlers } from './contract.ts'
import { type CallOutcome, outcomeOf } from './define-contract.ts'

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(contract.calls, name)
}

export function serveCall(handlers: Handlers, name: string, input: unknown): Promise<CallOutcome<unknown>> {
  return outcomeOf(async () => {
    if (!isCallName(name)) throw new Fault('CALL_REJECTED', `no call is named ${JSON.stringify(name)}`)
    const parsed = contract.calls[name].input.safeParse(input)
    if (!parsed.success) throw new Fault('CALL_REJECTED', `${name}: ${describeIssues(parsed.error.issues)}`)
    const handler = handlers[name] as (checked: unknown) => Promise<unknown>
    return handler(parsed.data)
  })
}

/** "slots.0: Too small" for each issue, in one line. */
export function describeIssues(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return issues.map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`).join('; ')
}
