import { describe, expect, it } from 'vitest'
import { home } from '../../../src/main/station/dfu/home.ts'
import { boardOf, newState, nrfMap } from './boards.ts'
import { answerFrom, runMachine } from './run-machine.ts'

function goHome(board: ReturnType<typeof boardOf>) {
  const state = newState('nrf52840')
  const run = runMachine(home(state), answerFrom(board))
  return { run, state, sent: board.log.map((entry) => entry.request) }
}

describe('going home to dfuIDLE', () => {
  it('costs one GETSTATUS when the board is there already', () => {
    expect(goHome(boardOf(nrfMap)).sent).toEqual(['GETSTATUS'])
  })

  it.each([
    ['dfuDNLOAD-IDLE', 5, 0, ['GETSTATUS', 'ABORT', 'GETSTATUS']],
    ['dfuUPLOAD-IDLE', 9, 0, ['GETSTATUS', 'ABORT', 'GETSTATUS']],
    ['dfuERROR', 10, 0x0b, ['GETSTATUS', 'CLRSTATUS', 'GETSTATUS']],
    ['a state of no standard', 15, 0, ['GETSTATUS', 'ABORT', 'GETSTATUS', 'CLRSTATUS', 'GETSTATUS']],
  ])('is possible from %s', (...[, state, status, expected]) => {
    const { run, sent, state: after } = goHome(boardOf(nrfMap, { state, status }))
    expect([run.fault, after.phase, sent]).toEqual([null, 'idle', expected])
  })

  it('is possible from a download that another program left pending', () => {
    const board = boardOf(nrfMap)
    board.leavePending(0, Uint8Array.of(0x21, 0, 0, 3, 0))
    expect(goHome(board).run.fault).toBeNull()
    expect(board.state).toBe(2)
  })

  it('calls back an nRF board that is about to reset', () => {
    const board = boardOf(nrfMap, { state: 8 })
    expect(goHome(board).run.fault).toBeNull()
    expect(board.state).toBe(2)
  })

  it('ends with DFU_STUCK_BUSY at a board that stays busy', () => {
    const board = boardOf(nrfMap)
    board.sabotage = () => ({ data: Uint8Array.of(0, 0, 0, 0, 4, 0) })
    const { run } = goHome(board)
    expect(run.fault?.code).toBe('DFU_STUCK_BUSY')
    expect(run.elapsedMs).toBeLessThan(6_000)
  })

  it('ends with DFU_PROTOCOL at a board that only stalls, or that runs its program', () => {
    const stalling = boardOf(nrfMap)
    stalling.sabotage = () => 'stall'
    expect(goHome(stalling).run.fault?.code).toBe('DFU_PROTOCOL')
    expect(goHome(boardOf(nrfMap, { state: 0 })).run.fault?.detail).toContain('not in DFU mode')
  })
})
