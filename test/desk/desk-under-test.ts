// A desk on a data folder of its own. With a played USB process the test says what the bench shows; with the real one
// the simulated boards do.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createDesk } from '../../src/main/desk/create-desk.ts'
import type { Desk, DeskOptions } from '../../src/main/desk/desk.ts'
import { forkNodeHost } from '../../src/main/host/fork-node.ts'
import type { FromHost, ToHost } from '../../src/main/host/link.ts'
import type { StationCommand } from '../../src/main/station/station-command.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract/contract.ts'
import { type CallOutcome, unwrap } from '../../src/shared/contract/define-contract.ts'
import { serveCall } from '../../src/shared/contract/serve-call.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { BenchFrame, SlotView } from '../../src/shared/model/slot.ts'
import { type FakeHosts, fakeHosts, type KeptLog, keptLog } from '../host/fake-host.ts'

export interface DeskUnderTest {
  readonly desk: Desk
  readonly folder: string
  readonly log: KeptLog
  readonly frames: readonly BenchFrame[]
  readonly records: readonly LedgerRecord[]
  /** As every door asks: by name, checked, with an outcome. */
  outcome(name: string, input: unknown): Promise<CallOutcome<unknown>>
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** The bench out of all frames so far. */
  slots(): readonly SlotView[]
  station(): BenchFrame['station']
  /** Looks again at every frame and every record. */
  until(pleases: () => boolean): Promise<void>
}

export interface PlayedDesk extends DeskUnderTest {
  readonly hosts: FakeHosts
  says(message: FromHost): void
  /** Commands that the present process was given: those it began with, and those since. */
  commands(): readonly StationCommand[]
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'station-desk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The test plays the USB process, which ends when it is asked to. */
export async function playedDesk(change: Partial<DeskOptions> = {}): Promise<PlayedDesk> {
  const hosts = fakeHosts(systemClock)
  const under = await openDesk({
    forkHost: (environment) => {
      const host = hosts.forkHost(environment)
      const send = host.send.bind(host)
      const endsWhenAsked = (message: unknown) => {
        send(message)
        if ((message as ToHost).kind === 'stop') hosts.latest().ends({ code: 0 })
      }
      return Object.assign(host, { send: endsWhenAsked })
    },
    ...change,
  })
  return {
    ...under,
    hosts,
    says: (message) => hosts.latest().says(message),
    commands: () =>
      hosts.latest().told.flatMap((message) => {
        if (message.kind === 'configure') return message.config.setup
        return message.kind === 'command' ? [message.command] : []
      }),
  }
}

/** A desk with the real USB process on simulated boards. */
export function simulatedDesk(change: Partial<DeskOptions> = {}): Promise<DeskUnderTest> {
  return openDesk({
    forkHost: forkNodeHost,
    simulation: { boards: 'boron:2,photon:1,p2:1', speed: 40 },
    slotCount: 4,
    ...change,
  })
}

async function openDesk(change: Partial<DeskOptions> & Pick<DeskOptions, 'forkHost'>): Promise<DeskUnderTest> {
  const folder = change.dataFolder ?? temporaryFolder()
  const log = keptLog()
  const desk = await createDesk({
    dataFolder: folder,
    log,
    simulation: null,
    // Tests run side by side, and none of them has boards to share.
    usbLock: join(folder, 'usb.lock'),
    deliverExport: async () => ({ kind: 'cancelled' }),
    ...change,
  })
  onTestFinished(() => desk.close())
  const frames: BenchFrame[] = []
  const records: LedgerRecord[] = []
  const slots = new Map<number, SlotView>()
  const waiting = new Set<() => void>()
  const lookAgain = () => {
    for (const look of [...waiting]) look()
  }
  desk.watch('bench', (frame) => {
    frames.push(frame)
    if (frame.full) slots.clear()
    for (const view of frame.slots) slots.set(view.slot, view)
    lookAgain()
  })
  desk.onRecord((record) => {
    records.push(record)
    lookAgain()
  })
  const outcome = (name: string, input: unknown) => serveCall(desk.handlers, name, input)
  return {
    ...{ desk, folder, log, frames, records, outcome },
    call: async <N extends CallName>(name: N, input: CallInput<N>) =>
      unwrap(await outcome(name, input)) as CallOutput<N>,
    slots: () => [...slots.values()].sort((a, b) => a.slot - b.slot),
    station: () => (frames.at(-1) as BenchFrame).station,
    until: (pleases) =>
      new Promise((resolve) => {
        const look = () => {
          if (!pleases()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
