// The host's half of the request protocol, for tests: sends the service requests one by one and reads their packed
// replies by the offsets of the protocol notes.
import type { ControlAnswer, ControlFace } from '../../../src/main/sim/board-parts.ts'
import { createControlEndpoint } from '../../../src/main/sim/normal/control-endpoint.ts'
import { encode, type Field } from '../../../src/main/sim/normal/protobuf.ts'
import type { TestHost } from '../boot/bench-board.ts'

export interface Reply {
  readonly status: number
  readonly id?: number
  readonly size?: number
  readonly result?: number
}

function parseReply(answer: ControlAnswer): Reply | string {
  if (answer.kind !== 'data') return answer.kind
  const view = new DataView(answer.data.buffer, answer.data.byteOffset, answer.data.byteLength)
  const present = view.getUint32(0, true)
  let at = 6
  const reply: { status: number; id?: number; size?: number; result?: number } = { status: view.getUint16(4, true) }
  if (present & 2) {
    reply.id = view.getUint16(at, true)
    at += 2
  }
  if (present & 4) {
    reply.size = view.getUint32(at, true)
    at += 4
  }
  if (present & 8) {
    reply.result = view.getInt32(at, true)
    at += 4
  }
  return at === answer.data.length ? reply : `${answer.data.length} bytes in place of ${at}`
}

const none = new Uint8Array(0)

export class Dialogue {
  readonly face: ControlFace
  readonly host: TestHost

  constructor(host: TestHost) {
    this.host = host
    this.face = createControlEndpoint(host)
  }

  service(request: number, index: number, options: { value?: number; length?: number } = {}): Reply | string {
    const { value = 0, length = 64 } = options
    return parseReply(this.face.control({ requestType: 0xc0, request, value, index, lengthBytes: length }, none))
  }

  init(type: number, sizeBytes = 0, length = 64): Reply | string {
    return this.service(1, type, { value: sizeBytes, length })
  }

  check(id: number, length = 64): Reply | string {
    return this.service(2, id, { length })
  }

  reset(id: number, length = 64): Reply | string {
    return this.service(5, id, { length })
  }

  send(id: number, data: Uint8Array): string {
    return this.face.control({ requestType: 0x40, request: 3, value: 0, index: id, lengthBytes: data.length }, data)
      .kind
  }

  receive(id: number, length: number): Uint8Array | string {
    const answer = this.face.control({ requestType: 0xc0, request: 4, value: 0, index: id, lengthBytes: length }, none)
    return answer.kind === 'data' ? answer.data : answer.kind
  }

  raw(requestType: number, index: number, length: number): ControlAnswer {
    const data = new Uint8Array(requestType === 0x40 ? length : 0)
    return this.face.control({ requestType, request: 0x50, value: 0, index, lengthBytes: length }, data)
  }

  /** Time passes on the board. */
  wait(ms: number): void {
    this.host.nowMs += ms
  }

  /** One whole request, waiting as long as it takes. */
  ask(type: number, payload: Uint8Array = none): { readonly result: number; readonly reply: Uint8Array } {
    const opened = this.init(type, payload.length)
    if (typeof opened === 'string' || opened.id === undefined)
      throw new Error(`INIT answered ${JSON.stringify(opened)}`)
    const { id } = opened
    if (payload.length > 64) this.wait(1)
    if (payload.length > 0 && this.send(id, payload) !== 'ack') throw new Error('SEND stalled')
    for (let waited = 0; waited < 100_000; waited += 10) {
      const state = this.check(id)
      if (typeof state === 'string') throw new Error(`CHECK answered ${state}`)
      if (state.result !== undefined) {
        const reply = state.size === undefined ? none : this.receive(id, state.size)
        if (typeof reply === 'string') throw new Error(`RECV answered ${reply}`)
        return { result: state.result, reply }
      }
      this.wait(10)
    }
    throw new Error('the request never ended')
  }

  askFields(type: number, fields: readonly Field[]): { readonly result: number; readonly reply: Uint8Array } {
    return this.ask(type, encode(fields))
  }
}
