// A small DFU device for these tests, written from the state table of the standard and independent of the product's
// simulator: memory with sectors, a state machine, and the two ways Particle bootloaders do their work.
export interface BoardSector {
  readonly address: number
  readonly sizeBytes: number
}

export interface BoardOptions {
  readonly base: number
  readonly sectors: readonly BoardSector[]
  /** late: work happens after the GETSTATUS that said dfuDNBUSY (nRF, RTL). early: inside of it (Gen 2). */
  readonly work?: 'late' | 'early'
  readonly state?: number
  readonly status?: number
  readonly blockBytes?: number
  /** Locked boards refuse with errVENDOR and without a stall. */
  readonly locked?: boolean
  readonly busyPolls?: number
  readonly pollTimeoutMs?: number
}

export interface BoardLog {
  readonly request: 'DNLOAD' | 'UPLOAD' | 'GETSTATUS' | 'CLRSTATUS' | 'ABORT' | 'DETACH' | 'SELECT'
  readonly block: number
  readonly sizeBytes: number
}

export type BoardAnswer = { readonly data: Uint8Array } | 'ok' | 'stall'

type Work = { readonly block: number; readonly data: Uint8Array }

export class DfuBoard {
  readonly memory: Uint8Array
  readonly log: BoardLog[] = []
  readonly erasedAt: number[] = []
  readonly written: { address: number; data: Uint8Array }[] = []
  state: number
  status: number
  pointer = 0
  alternate = 0
  /** Makes the board fail: called before each request, gives the answer to send instead. */
  sabotage: ((entry: BoardLog) => BoardAnswer | null) | null = null
  /** Makes work fail with this status. */
  failWork: ((work: Work) => number | null) | null = null
  readonly #options: BoardOptions
  #work: Work | null = null
  #busyLeft = 0

  constructor(options: BoardOptions) {
    this.#options = options
    const last = options.sectors.at(-1)
    const end = last ? last.address + last.sizeBytes : options.base
    this.memory = new Uint8Array(end - options.base)
    this.state = options.state ?? 2
    this.status = options.status ?? 0
  }

  request(entry: BoardLog, data: Uint8Array): BoardAnswer {
    this.log.push(entry)
    const sabotaged = this.sabotage?.(entry) ?? null
    if (sabotaged !== null) return sabotaged
    switch (entry.request) {
      case 'SELECT':
        this.alternate = entry.block
        return 'ok'
      case 'DNLOAD':
        return this.#download(entry.block, data)
      case 'UPLOAD':
        return this.#upload(entry.block, entry.sizeBytes)
      case 'GETSTATUS':
        return this.#getStatus()
      case 'CLRSTATUS':
        return this.state === 10 ? this.#enter(2, 0) : this.#fail(0x0f)
      case 'ABORT':
        this.#work = null
        return [2, 3, 5, 6, 9].includes(this.state) ? this.#enter(2, this.status) : this.#fail(0x0f)
      case 'DETACH':
        return this.#fail(0x0f)
    }
  }

  /** DNLOAD is pending: what a host that died has left behind. */
  leavePending(block: number, data: Uint8Array): void {
    this.state = 3
    this.#work = { block, data }
  }

  #download(block: number, data: Uint8Array): BoardAnswer {
    if (this.state !== 2 && this.state !== 5) return this.#fail(0x0f)
    if (data.length === 0) return this.#enter(6, 0)
    this.#work = { block, data: data.slice() }
    this.#busyLeft = this.#options.busyPolls ?? 1
    return this.#enter(3, 0)
  }

  #upload(block: number, sizeBytes: number): BoardAnswer {
    if (this.state !== 2 && this.state !== 9) return this.#fail(0x0f)
    if (this.#options.locked) {
      this.#enter(10, 0x0b)
      return { data: new Uint8Array(0) }
    }
    this.state = 9
    const from = this.pointer + (block - 2) * this.#blockBytes - this.#options.base
    if (from < 0 || from + sizeBytes > this.memory.length) return this.#fail(0x0e)
    return { data: this.memory.slice(from, from + sizeBytes) }
  }

  #getStatus(): BoardAnswer {
    if (this.state === 6) {
      const reply = this.#report(7)
      this.state = 8
      return reply
    }
    if (this.state === 8) return this.#fail(0x0f)
    if (this.state !== 3 || !this.#work) return this.#report(this.state)
    if (this.#busyLeft > 0) return this.#reportBusy(this.#work)
    const work = this.#work
    this.#work = null
    return this.#options.work === 'early' ? this.#report(5) : this.#doWork(work) === 'stall' ? 'stall' : this.#report(5)
  }

  #reportBusy(work: Work): BoardAnswer {
    this.#busyLeft -= 1
    if (this.#options.work !== 'early' || this.#busyLeft > 0) return this.#report(4)
    // Gen 2 hides a failure: the transfer stalls, and the status afterwards is OK.
    if (this.#doWork(work) === 'stall') {
      this.#enter(5, 0)
      this.#work = null
      return 'stall'
    }
    this.state = 3
    return this.#report(4)
  }

  #doWork(work: Work): BoardAnswer {
    const failure = this.failWork?.(work) ?? null
    if (failure !== null) return this.#fail(failure)
    if (this.#options.locked) return this.#enter(10, 0x0b)
    if (work.block === 0) return this.#command(work.data)
    const from = this.pointer + (work.block - 2) * this.#blockBytes - this.#options.base
    if (from < 0 || from + work.data.length > this.memory.length) return this.#fail(0x08)
    this.written.push({ address: from + this.#options.base, data: work.data })
    for (const [at, byte] of work.data.entries()) this.memory[from + at] = (this.memory[from + at] ?? 0) & byte
    return this.#enter(5, 0)
  }

  #command(data: Uint8Array): BoardAnswer {
    if (data.length !== 5) return this.#fail(0x0f)
    const address = new DataView(data.buffer, data.byteOffset).getUint32(1, true)
    if (data[0] === 0x21) {
      this.pointer = address
      return this.#enter(5, 0)
    }
    const sector = this.#options.sectors.find(
      (each) => each.address <= address && address < each.address + each.sizeBytes,
    )
    if (data[0] !== 0x41 || !sector) return this.#fail(0x01)
    const from = sector.address - this.#options.base
    this.memory.fill(0xff, from, from + sector.sizeBytes)
    this.erasedAt.push(sector.address)
    // Gen 2 moves the pointer with an erase; hosts must not rely on it staying.
    this.pointer = sector.address
    return this.#enter(5, 0)
  }

  get #blockBytes(): number {
    return this.#options.blockBytes ?? 4096
  }

  #enter(state: number, status: number): BoardAnswer {
    this.state = state
    this.status = status
    return 'ok'
  }

  #fail(status: number): BoardAnswer {
    this.#work = null
    this.#enter(10, status)
    return 'stall'
  }

  #report(state: number): BoardAnswer {
    const poll = this.#options.pollTimeoutMs ?? 0
    this.state = state === 4 || state === 7 ? this.state : state
    return { data: Uint8Array.of(this.status, poll & 0xff, (poll >> 8) & 0xff, poll >> 16, state, 0) }
  }
}
