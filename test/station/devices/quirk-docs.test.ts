// docs/quirks.md tells of every word that means something here, and of no other as if it did.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { guidOf } from '../../../src/main/station/devices/instance-ids.ts'
import { parseQuirks } from '../../../src/main/station/devices/quirk-file.ts'
import { flagHabits, numberKeys } from '../../../src/main/station/devices/quirk-vocabulary.ts'

const text = readFileSync(new URL('../../../docs/quirks.md', import.meta.url), 'utf8')

/** First cells of the table under a heading, those with several words apart. */
function rowsUnder(heading: string): readonly string[] {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  const [body = ''] = section.split('\n## ')
  return [...body.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '))
}

it('every flag has its row, in the order of the alphabet', () => {
  expect(rowsUnder('Flags')).toEqual(Object.keys(flagHabits).sort())
})

it('every key has its row', () => {
  expect(rowsUnder('Keys')).toEqual(expect.arrayContaining(Object.keys(numberKeys)))
})

it('the example is a file that can be read', () => {
  const [, example = ''] = /```ini\n([^`]+)```/.exec(text) ?? []
  expect(parseQuirks(example, 'docs').rows.map(({ section }) => section)).toEqual([
    'USB\\VID_1209&PID_0002&REV_0100',
    'USB\\VID_0483&PID_DF11',
  ])
})

it('the GUID of the example is the right one', () => {
  expect(text).toContain(guidOf('USB\\VID_273F&PID_1004'))
})
