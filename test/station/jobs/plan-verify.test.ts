import { expect, it } from 'vitest'
import { planVerify } from '../../../src/main/station/jobs/plan-verify.ts'
import { stepName } from '../../../src/main/station/jobs/step-name.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import { boardWith, moduleFile, targetOf } from './samples.ts'

const on = { platform: 'tracker' } as const
const system = moduleFile({
  ...on,
  kind: 'system',
  index: 1,
  version: 4006,
  startAddress: 0x3_0000,
  sizeBytes: 500_000,
})
const ncpOf = (version: number) =>
  moduleFile({ ...on, kind: 'ncp', index: 0, version, startAddress: 0, sizeBytes: 864_464 })

function verified(present: number) {
  return planVerify({
    board: boardWith('tracker', [system, ncpOf(present)]),
    target: targetOf('tracker', [system, ncpOf(7)]),
    recipe: { ...plainFlash, verify: 'read-back' },
    isSimulated: true,
  })
}

it('a verification reads what lies in flash and asks for the network processor, writing nothing', () => {
  const plan = verified(7)
  expect(plan.steps.map(stepName)).toEqual(['Enter DFU', 'Examine system 1', 'Start Device OS', 'Judge all modules'])
  expect(plan.targets.map(({ kind }) => kind)).toEqual(['system', 'ncp'])
})

it('a newer network processor, which a flash leaves alone, is no difference, and an older one is', () => {
  const newer = verified(8)
  expect(newer.targets.map(({ kind }) => kind)).toEqual(['system'])
  expect(newer.skipped.map(({ reason }) => reason)).toEqual([
    'the board has version 8, newer than 7: a network processor is never brought down',
  ])
  expect(verified(6).targets.map(({ kind }) => kind)).toEqual(['system', 'ncp'])
})
