// Ports of the station core that lead over the line to the desk: records and log.
import { unwrap } from '../../shared/contract/define-contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { Log, RecordSink } from '../station/ports.ts'
import type { FromHost, RecordAnswer, RecordAsk } from './link.ts'

export interface LinkedRecords {
  readonly sink: RecordSink
  /** The desk has answered request `id`. */
  answered(id: number, answer: RecordAnswer): void
}

export function linkedRecords(send: (message: FromHost) => void): LinkedRecords {
  const waiting = new Map<number, (answer: RecordAnswer) => void>()
  let lastId = 0
  const ask = async (what: RecordAsk): Promise<RecordId | null> => {
    lastId += 1
    const id = lastId
    const answer = new Promise<RecordAnswer>((resolve) => waiting.set(id, resolve))
    send({ kind: 'ask', id, ask: what })
    return unwrap(await answer)
  }
  return {
    sink: {
      open: async (opening) => {
        const recordId = await ask({ kind: 'open', opening })
        if (!recordId) throw new Fault('INTERNAL', 'the desk opened a record without an id')
        return recordId
      },
      close: async (closing) => {
        await ask({ kind: 'close', closing })
      },
    },
    answered: (id, answer) => {
      waiting.get(id)?.(answer)
      waiting.delete(id)
    },
  }
}

export function linkedLog(send: (message: FromHost) => void, name = ''): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (text: string) =>
    send({ kind: 'log', level, text: name ? `${name}: ${text}` : text })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (child) => linkedLog(send, name ? `${name}.${child}` : child),
  }
}
