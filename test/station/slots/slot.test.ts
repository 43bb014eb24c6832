import { describe, expect, it } from 'vitest'
import { emptySlot, nextSlot, type SlotEvent } from '../../../src/main/station/slots/slot.ts'
import { asRecordId, parseSha256, type Sha256 } from '../../../src/shared/model/ids.ts'
import { outcomes } from '../../../src/shared/model/record.ts'
import type { SlotView } from '../../../src/shared/model/slot.ts'
import { deviceOf } from '../../renderer/device-samples.ts'
import { boardWith } from '../jobs/samples.ts'

const board = boardWith('boron', [])
const { portPath } = board
const anySha256 = parseSha256('0'.repeat(64)) as Sha256
const fault = { code: 'USB_GONE', detail: 'left' } as const
const finished = { kind: 'finished', outcome: 'pass', fault: null, durationMs: 1200, endedAt: 99 } as const

const slotAfter = (...events: readonly SlotEvent[]): SlotView => events.reduce(nextSlot, emptySlot(3, portPath))
const atWork: readonly SlotEvent[] = [
  { kind: 'arrived' },
  { kind: 'identified', board },
  { kind: 'started', recipeName: 'a recipe', job: 'flash' },
]

describe('a slot', () => {
  it('goes from empty over identified and working to its verdict, and back to empty', () => {
    const states = atWork.map((_, at) => slotAfter(...atWork.slice(0, at + 1)).state)
    expect([slotAfter().state, ...states, slotAfter(...atWork, finished).state]).toEqual([
      'empty',
      'identifying',
      'ready',
      'working',
      'passed',
    ])
    expect(slotAfter(...atWork, finished, { kind: 'left' })).toEqual({
      ...emptySlot(3, portPath),
      last: { outcome: 'pass', name: board.deviceId, endedAt: 99 },
    })
  })

  it('without a port is off', () => {
    expect(emptySlot(1, null).state).toBe('off')
    expect(slotAfter({ kind: 'assigned', portPath: null })).toMatchObject({ state: 'off', portPath: null })
  })

  it('has a state of its own for each outcome, and keeps the fault on board and job', () => {
    const states = outcomes.map((outcome) => slotAfter(...atWork, { ...finished, outcome, fault }))
    expect(states.map(({ state }) => state)).toEqual(['passed', 'failed', 'error', 'aborted', 'interrupted'])
    for (const view of states) expect([view.fault, view.job?.fault, view.job?.durationMs]).toEqual([fault, fault, 1200])
  })

  it('refuses a board with the reason, and forgets it when the next one comes', () => {
    const refused = slotAfter({ kind: 'arrived' }, { kind: 'refused', fault })
    expect(refused).toMatchObject({ state: 'refused', fault, board: null })
    expect(nextSlot(refused, { kind: 'arrived' })).toMatchObject({ state: 'identifying', fault: null })
  })

  it('asks its question until the board is started or leaves', () => {
    const asked = slotAfter({ kind: 'arrived' }, { kind: 'identified', board }, { kind: 'asked', question: 'is it?' })
    expect(asked).toMatchObject({ state: 'ready', question: 'is it?' })
    const after = [
      { kind: 'started', recipeName: 'a recipe', job: 'flash' },
      { kind: 'left' },
      { kind: 'arrived' },
    ] as const
    expect(after.map((event) => nextSlot(asked, event).question)).toEqual([null, null, null])
  })

  it('names what is beside it and changes nothing else by it', () => {
    const verdict = slotAfter(...atWork, finished)
    const beside = nextSlot(verdict, { kind: 'beside', bystander: 'a mouse' })
    expect(beside).toEqual({ ...verdict, bystander: 'a mouse' })
    expect(nextSlot(beside, { kind: 'beside', bystander: null })).toEqual(verdict)
  })

  it('shows what its job tells', () => {
    const step = {
      position: 1,
      name: 'Enter DFU',
      startedAt: 1,
      durationMs: 2,
      result: 'done',
      bytes: 0,
      detail: null,
    } as const
    const named = { stepName: 'Enter DFU', stepKind: 'enter-dfu' } as const
    const progress = { ...named, step: 1, steps: 2, fraction: 0.5, remainingMs: null, startedAt: 1 }
    const piece = { position: 1, alternate: 0, memory: 'Program', address: null, sizeBytes: 4, sha256: anySha256 }
    const images = [
      { ...piece, readBackSha256: anySha256, proof: 'read-back', action: 'written', reason: null },
    ] as const
    const skipped = [{ module: { kind: 'radio', index: 0, version: 202 }, reason: 'it has it' }] as const
    const view = slotAfter(
      ...atWork,
      { kind: 'planned', plan: ['Enter DFU', 'Prove all modules'], skipped, notes: ['a note'] },
      { kind: 'recorded', recordId: asRecordId('r-1') },
      { kind: 'progressed', progress },
      { kind: 'step-ended', step },
      { kind: 'modules', modules: [] },
      { kind: 'images', images },
    )
    expect(view.job).toEqual({
      recordId: 'r-1',
      job: 'flash',
      recipeName: 'a recipe',
      plan: ['Enter DFU', 'Prove all modules'],
      skipped,
      notes: ['a note'],
      progress,
      steps: [step],
      modules: [],
      images,
      revisionBefore: null,
      outcome: null,
      fault: null,
      durationMs: null,
    })
    expect(nextSlot(view, finished).job?.progress).toBeNull()
  })

  it('keeps the version of the program that a device had before its job', () => {
    const running = { ...deviceOf(3), revision: 0x0102 }
    const jobOf = (device: typeof running) =>
      slotAfter({ kind: 'identified', board: device }, { kind: 'started', recipeName: 'a recipe', job: 'flash' }).job
    expect(jobOf(running)?.revisionBefore).toBe('1.02')
    expect(jobOf({ ...running, mode: 'dfu' })?.revisionBefore).toBeNull()
  })

  it('lets news of a job that is gone pass by', () => {
    const idle = slotAfter({ kind: 'arrived' }, { kind: 'identified', board })
    expect(nextSlot(idle, { kind: 'recorded', recordId: asRecordId('late') })).toEqual(idle)
  })

  it('keeps the last forty lines of the visit', () => {
    const lines = Array.from({ length: 50 }, (_, at): SlotEvent => ({ kind: 'logged', line: { at, text: `${at}` } }))
    const { log } = slotAfter(...atWork, ...lines)
    expect([log.length, log[0]?.text, log.at(-1)?.text]).toEqual([40, '10', '49'])
    expect(slotAfter(...atWork, ...lines, { kind: 'left' }).log).toEqual([])
  })

  it('begins the next job on a board without the traces of the last', () => {
    const again = slotAfter(...atWork, { ...finished, outcome: 'fail', fault }, ...atWork)
    expect(again).toMatchObject({ state: 'working', fault: null, job: { outcome: null, steps: [] } })
    expect(again.last?.outcome).toBe('fail')
  })
})
