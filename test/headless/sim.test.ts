// Boards lent over USB/IP, as a script sees it: what is said, what the wire answers, how orders are taken, how it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'

const commandLine = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))
const listRequest = Buffer.from('0111800500000000', 'hex')

interface Lender {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Once this has appeared on stdout or stderr. */
  said(text: string): Promise<void>
  order(line: string): void
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** On a port that the system chooses, unless the words name one. */
function lend(...words: readonly string[]): Lender {
  const port = words.includes('--port') ? [] : ['--port', '0']
  const child = spawn(process.execPath, [commandLine, 'sim', '--usbip', ...port, ...words])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const texts = { stdout: '', stderr: '' }
  const ended = once(child, 'close')
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      child.emit('said')
    })
  }
  return {
    child,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    said: async (text) => {
      while (!(texts.stdout + texts.stderr).includes(text)) await once(child, 'said')
    },
    order: (line) => void child.stdin.write(`${line}\n`),
    end: async (signal) => {
      child.kill(signal)
      return (await ended)[0] as number | null
    },
  }
}

async function portOf(lender: Lender): Promise<number> {
  await lender.said('"port":')
  return Number(jsonLines(linesOf(lender.stdout())[0] ?? '')[0]?.['port'])
}

/** The answer to a question for the list of devices, to the end of the connection. */
async function listed(port: number): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(listRequest)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

describe('sim --usbip', () => {
  it('says what it lends and what to type, for people', async () => {
    const lender = lend('--boards', 'boron:1,p2:1', '--speed', '100')
    await lender.said('arrived 2b04:c020')
    const port = /127\.0\.0\.1 port (\d+):/.exec(lender.stdout())?.[1]
    expect(lender.stdout()).toMatch(/1-1\.1 {2}boron {2}e00fce68[0-9a-f]{16}\n {2}1-1\.2 {2}p2 {2}0a10aced/)
    expect(lender.stdout()).toContain(`usbip --tcp-port ${port} attach -r 127.0.0.1 -b 1-1.1\n`)
    expect(lender.stdout()).toContain(`usbip.exe --tcp-port ${port} attach -r 127.0.0.1 -b 1-1.1\n`)
    expect(lender.stderr()).not.toContain('WARNING')
    expect(await lender.end('SIGINT')).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('lists its boards to a client, and ends with 0 by %s', async (signal) => {
    const lender = lend('--boards', 'boron:3', '--speed', '100', '--json')
    const port = await portOf(lender)
    await lender.said('"arrived","busId":"1-1.3"')
    const reply = await listed(port)
    expect([reply.readUInt32BE(4), reply.readUInt32BE(8)]).toEqual([0, 3])
    expect(await lender.end(signal)).toBe(0)
    await expect(listed(port)).rejects.toThrow('ECONNREFUSED')
  })

  it('takes orders by lines: unplug, plug, the MODE button; and tells each as JSON', async () => {
    const lender = lend('--boards', 'boron:1', '--speed', '100', '--json')
    await lender.said('"arrived"')
    lender.order('unplug 1-1.1')
    await lender.said('"left"')
    lender.order('plug 1-1.1')
    await lender.said('1-1.1 is plugged in')
    lender.order('button 1-1.1')
    await lender.said('2b04:d00d')
    for (const wrong of ['', 'plug 1-1.1', 'unplug 1-9', 'button 9-9', 'explode 1-1.1', 'unplug', 'unplug 1-1.1 now']) {
      lender.order(wrong)
    }
    await lender.said('"unplug 1-1.1 now" is no order')
    expect(lender.stderr()).toContain('no board was taken out of 1-1.1')
    expect(lender.stderr()).toContain('no board is in 1-9')
    lender.child.stdin?.end()
    expect(await lender.end('SIGTERM')).toBe(0)
    const arrivals = jsonLines(lender.stdout()).filter(({ event }) => event === 'arrived')
    expect(arrivals.at(-1)).toEqual({ event: 'arrived', busId: '1-1.1', ids: '2b04:d00d' })
  })

  it('at an address that others reach warns that there is no password', async () => {
    const lender = lend('--boards', 'boron:1', '--json', '--host', '0.0.0.0')
    await lender.said('WARNING')
    expect(lender.stderr()).toMatch(/every computer that reaches 0\.0\.0\.0 port \d+ .* no password and no encryption/)
    expect(lender.stdout()).toContain('list -r ADDRESS-OF-THIS-COMPUTER')
    expect(await lender.end('SIGINT')).toBe(0)
  })

  it('leaves the flash of its boards in a folder at the end', async () => {
    const folder = join(temporaryFolder(), 'dump')
    const lender = lend('--boards', 'p2:1', '--speed', '0', '--sim-dump', folder)
    await lender.said('arrived')
    expect(await lender.end('SIGINT')).toBe(0)
    expect(readdirSync(folder).map((name) => name.slice(24))).toEqual(['-alt0.bin', '-alt1.bin'])
  })

  it('on a port that another program has is refused with what to do, exit 2', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const address = other.address()
    const port = String(typeof address === 'object' && address?.port)
    const ended = await station('sim', '--usbip', '--boards', 'boron', '--port', port)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(linesOf(ended.stderr)).toEqual([
      `CALL_REJECTED: cannot listen on 127.0.0.1 port ${port}: another program has it; end that one, or choose another port`,
    ])
  })
})
