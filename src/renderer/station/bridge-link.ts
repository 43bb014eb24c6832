// The station behind the preload bridge of the desktop window: same process family, so it is always there.
import type { CallInput, CallName, CallOutput, FeedFrame, FeedName } from '../../shared/contract/contract.ts'
import { type CallOutcome, unwrap } from '../../shared/contract/define-contract.ts'
import type { DoorLink, StationBridge } from './link.ts'

export function bridgeLink(bridge: StationBridge): DoorLink {
  return {
    async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
      return unwrap((await bridge.call(name, input)) as CallOutcome<CallOutput<N>>)
    },
    watch<N extends FeedName>(name: N, listener: (frame: FeedFrame<N>) => void) {
      return bridge.watch(name, (frame) => listener(frame as FeedFrame<N>))
    },
    watchConnection(listener) {
      listener('open')
      return () => {}
    },
  }
}
