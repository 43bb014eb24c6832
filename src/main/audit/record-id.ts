// Makes record IDs: UUID version 7 (RFC 9562 section 5.7), 48 bits of time, then a counter, then chance, so that text
// order is the order of making even within one millisecond or after the clock was set back.
import { randomBytes } from 'node:crypto'
import { asRecordId, type RecordId } from '../../shared/model/ids.ts'

const counterLimit = 0x1000

export function recordIdMaker(now: () => number): () => RecordId {
  let lastMs = 0
  let counter = 0
  return () => {
    const ms = Math.floor(now())
    if (ms > lastMs) {
      lastMs = ms
      counter = 0
    } else {
      counter += 1
    }
    if (counter === counterLimit) {
      lastMs += 1
      counter = 0
    }
    return asRecordId(format(lastMs, counter))
  }
}

function format(ms: number, counter: number): string {
  const time = ms.toString(16).padStart(12, '0')
  const chance = randomBytes(8)
  // The two highest bits are the variant, 10.
  chance.writeUInt8((chance.readUInt8(0) & 0x3f) | 0x80, 0)
  const tail = chance.toString('hex')
  const groups = [time.slice(0, 8), time.slice(8), `7${counter.toString(16).padStart(3, '0')}`]
  return [...groups, tail.slice(0, 4), tail.slice(4)].join('-')
}
