import { expect, it } from 'vitest'
import { identify } from '../../../src/main/station/identity/identify.ts'
import { plugBoard } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal

it.each([
  ['photon', '0.6.3', false],
  ['photon', '2.0.1', true],
  ['boron', '4.0.2', true],
] as const)('a %s with Device OS %s answers control requests: %s', async (platform, deviceOs, answers) => {
  await using plugged = plugBoard({ platform, deviceOs })
  const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
  // What the station knows by itself (a Photon stores no assets) is no answer of the board.
  expect(board.answersRequests).toEqual({ known: true, value: answers })
})
