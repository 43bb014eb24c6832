// Every state of a slot has a word and a glyph of its own: none is told apart by colour alone.
import { describe, expect, it } from 'vitest'
import { handsOf } from '../../src/renderer/screens/bench/hands.ts'
import { lookOf } from '../../src/renderer/screens/bench/slot-look.ts'
import type { FaultCode } from '../../src/shared/fault/fault-codes.ts'
import { faultCodeNames } from '../../src/shared/fault/fault-codes.ts'
import type { SlotState } from '../../src/shared/model/slot.ts'
import { alreadyOkSlot, sampleSlot, slotView } from './samples.ts'

const allStates: readonly SlotState[] = [
  'empty',
  'identifying',
  'ready',
  'working',
  'passed',
  'failed',
  'error',
  'aborted',
  'interrupted',
  'refused',
  'off',
]
const around = { hasRecipe: true, autoStart: true, isLearning: false, failedBefore: false, isUntrusted: false }

describe('the look of a slot', () => {
  it('differs in word and in glyph between any two states', () => {
    const looks = allStates.map((state) => lookOf(sampleSlot(1, state), false))
    expect(new Set(looks.map((look) => look.word)).size).toBe(allStates.length)
    expect(new Set(looks.map((look) => look.glyph)).size).toBe(allStates.length)
  })

  it('says ALREADY OK only when every module was left as it was', () => {
    expect(lookOf(alreadyOkSlot(1), false)).toMatchObject({
      word: 'ALREADY OK',
      tone: 'already',
      glyph: 'double-check',
    })
    expect(lookOf(sampleSlot(1, 'passed'), false)).toMatchObject({ word: 'PASS', tone: 'pass' })
    const job = alreadyOkSlot(1).job
    const skipped = job?.modules.map((module) => ({ ...module, action: 'skipped' as const })) ?? []
    expect(lookOf(slotView(1, 'passed', { job: job && { ...job, modules: skipped } }), false).word).toBe('ALREADY OK')
    expect(lookOf(slotView(1, 'passed', { job: job && { ...job, modules: [] } }), false).word).toBe('PASS')
  })

  it('names what the board is going through', () => {
    expect(lookOf(sampleSlot(2, 'working'), false).word).toBe('FLASHING')
    expect(lookOf(sampleSlot(1, 'working'), false).word).toBe('VERIFYING')
  })

  it('turns blue for the slot that waits for its port', () => {
    expect(lookOf(sampleSlot(1, 'off'), true)).toMatchObject({ tone: 'act', word: 'PLUG IN' })
  })
})

describe('what the hands do next', () => {
  it('sends good boards to the good bin', () => {
    expect(handsOf(sampleSlot(1, 'passed'), around).words).toBe('REMOVE → GOOD BIN')
  })

  it('allows one more try, and the red bin for a board that failed before', () => {
    const view = sampleSlot(1, 'failed')
    expect(handsOf(view, around).words).toBe('RETRY, THEN RED BIN')
    expect(handsOf(view, { ...around, failedBefore: true }).words).toBe('REMOVE → RED BIN')
  })

  it('asks for a start, a recipe or patience, by what is missing', () => {
    const view = sampleSlot(1, 'ready')
    expect(handsOf(view, around).words).toBe('WAIT')
    expect(handsOf(view, { ...around, autoStart: false }).words).toBe('START (S)')
    expect(handsOf(view, { ...around, hasRecipe: false }).words).toBe('CHOOSE A RECIPE (F4)')
  })

  it('asks for a finger where nothing is wrong with the board', () => {
    const fault = { code: 'DFU_BY_BUTTON', detail: '' } as const
    expect(handsOf({ ...sampleSlot(1, 'failed'), fault }, around)).toEqual({
      words: 'HOLD MODE UNTIL YELLOW',
      urge: 'act',
    })
  })

  it('has words for every fault there is', () => {
    const words = (code: FaultCode) => handsOf({ ...sampleSlot(1, 'error'), fault: { code, detail: '' } }, around)
    for (const code of faultCodeNames)
      expect(words(code)).toMatchObject({
        urge: expect.stringMatching(/look|act/),
        words: expect.stringMatching(/[A-Z]{4}/),
      })
  })
})
