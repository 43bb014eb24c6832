import { describe, expect, it } from 'vitest'
import type { FromHost, RecordAsk } from '../../src/main/host/link.ts'
import { linkedLog, linkedRecords } from '../../src/main/host/linked-ports.ts'
import { asRecordId } from '../../src/shared/model/ids.ts'
import type { RecordClosing, RecordOpening } from '../../src/shared/model/record.ts'

// What the records say is not looked at here; that they pass unchanged is.
const opening = { slot: 1 } as unknown as RecordOpening
const closing = { recordId: asRecordId('r-1'), outcome: 'pass' } as unknown as RecordClosing

function linked() {
  const asked: { readonly id: number; readonly ask: RecordAsk }[] = []
  const records = linkedRecords((message) => {
    if (message.kind === 'ask') asked.push(message)
  })
  return { asked, records }
}

describe('records over the line', () => {
  it('are opened once the desk has answered, and not before', async () => {
    const { asked, records } = linked()
    const opened = records.sink.open(opening)
    await expect(Promise.race([opened, Promise.resolve('nothing yet')])).resolves.toBe('nothing yet')
    expect(asked).toEqual([{ kind: 'ask', id: 1, ask: { kind: 'open', opening } }])
    records.answered(1, { ok: true, value: asRecordId('r-1') })
    await expect(opened).resolves.toBe('r-1')
  })

  it('answers find their questions in any order', async () => {
    const { asked, records } = linked()
    const first = records.sink.open(opening)
    const second = records.sink.open(opening)
    const third = records.sink.close(closing)
    expect(asked.map(({ id }) => id)).toEqual([1, 2, 3])
    records.answered(3, { ok: true, value: null })
    records.answered(2, { ok: true, value: asRecordId('r-2') })
    records.answered(1, { ok: true, value: asRecordId('r-1') })
    await expect(Promise.all([first, second, third])).resolves.toEqual(['r-1', 'r-2', undefined])
  })

  it('a refusal comes out as the fault it was', async () => {
    const { records } = linked()
    const opened = records.sink.open(opening)
    records.answered(1, { ok: false, fault: { code: 'LEDGER_UNWRITABLE', detail: 'disk full' } })
    await expect(opened).rejects.toMatchObject({ code: 'LEDGER_UNWRITABLE', detail: 'disk full' })
    const closed = records.sink.close(closing)
    records.answered(2, { ok: false, fault: { code: 'INTERNAL', detail: 'closed already' } })
    await expect(closed).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('an opening without an ID is no opening', async () => {
    const { records } = linked()
    const opened = records.sink.open(opening)
    records.answered(1, { ok: true, value: null })
    await expect(opened).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('an answer that nobody asked for is let fall', () => {
    expect(() => linked().records.answered(99, { ok: true, value: null })).not.toThrow()
  })
})

describe('the log over the line', () => {
  it('keeps the level and says who speaks', () => {
    const sent: FromHost[] = []
    const log = linkedLog((message) => sent.push(message))
    log.warn('late')
    log.child('usb').child('hub').error('gone')
    expect(sent).toEqual([
      { kind: 'log', level: 'warn', text: 'late' },
      { kind: 'log', level: 'error', text: 'usb.hub: gone' },
    ])
  })
})
