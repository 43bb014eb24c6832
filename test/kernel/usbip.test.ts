// Simulated boards as anyone with Linux gets them: "station sim --usbip" in a process of its own, Debian's usbip to
// attach, the kernel's drivers, dfu-util and the station as a user starts it to work on them.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from './bench.ts'

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const host = '127.0.0.1'
const sysfs = '/sys/bus/usb/devices'
/** Sets any baud rate (struct termios2), which stty does not. */
const setBaud = String.raw`
  open(my $port, '+<', $ARGV[0]) or die "open: $!";
  my $all = "\0" x 44;
  ioctl($port, 0x802C542A, $all) or die "TCGETS2: $!";
  my @words = unpack('L4Ca19LL', $all);
  $words[2] = $words[2] & ~0x100f | 0x1000;
  $words[6] = $words[7] = $ARGV[1];
  ioctl($port, 0x402C542B, pack('L4Ca19LL', @words)) or die "TCSETS2: $!";`

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(program: string, ...words: readonly string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  execFile(program, words, { timeout: 20_000 }, (error, out, err) => {
    resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err })
  })
  return promise
}

const usbip = (...words: readonly string[]): Promise<Ended> => run('usbip', ...words)
const attach = (busId: string): Promise<Ended> => usbip('attach', '-r', host, '-b', busId)

/** Waits until the server lists this, "BUSID VENDOR:PRODUCT". */
async function untilListed(line: string): Promise<void> {
  const limit = AbortSignal.timeout(10_000)
  while (!(await listed()).includes(line)) await delay(50, undefined, { signal: limit })
}

async function listed(): Promise<readonly string[]> {
  const { out } = await usbip('list', '-r', host)
  return [...out.matchAll(/^ *([\d.-]+): .*\(([0-9a-f:]+)\)$/gm)].map(([, busId, ids]) => `${busId} ${ids}`).sort()
}

/** Lines "1-1 2b04:c00d" for what the kernel has, roots aside. */
function enumerated(): readonly string[] {
  const read = (name: string, field: string) => readFileSync(join(sysfs, name, field), 'utf8').trim()
  return readdirSync(sysfs)
    .filter((name) => /^\d+-[\d.]+$/.test(name))
    .flatMap((name) => {
      try {
        return [`${name} ${read(name, 'idVendor')}:${read(name, 'idProduct')}`]
      } catch {
        return []
      }
    })
    .sort()
}

let server: ChildProcess
let said = ''

async function startServer(...words: readonly string[]): Promise<void> {
  said = ''
  server = spawn(process.execPath, [commandLine, 'sim', '--usbip', '--json', ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  server.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await until(() => said.includes('"serving"'))
}

async function endServer(signal: NodeJS.Signals): Promise<void> {
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}

const order = (line: string): void => void server.stdin?.write(`${line}\n`)

before(async () => {
  await startServer('--boards', 'boron:1,p2:1,photon:1', '--speed', '20')
  await until(() => said.includes('"arrived","busId":"1-1.1"') && (said.match(/"arrived"/g)?.length ?? 0) === 3)
})

after(async () => {
  if (server.exitCode === null && server.signalCode === null) await endServer('SIGTERM')
})

describe('usbip list', () => {
  it('shows every board with its ids, its class and its interfaces', async () => {
    const { code, out } = await usbip('list', '-r', host)
    assert.equal(code, 0)
    const lines = out.split('\n').map((line) => line.trim())
    const boron = lines.findIndex((line) => line.startsWith('1-1.1:'))
    assert.deepEqual(lines.slice(boron, boron + 6), [
      '1-1.1: unknown vendor : unknown product (2b04:c00d)',
      ': /sys/devices/platform/simulated-bench/usb1/1-1.1',
      ': Miscellaneous Device / ? / Interface Association (ef/02/01)',
      ':  0 - Communications / Abstract (modem) / AT-commands (v.25ter) (02/02/01)',
      ':  1 - CDC Data / Unused / unknown protocol (0a/00/00)',
      ':  2 - Vendor Specific Class / Vendor Specific Subclass / Vendor Specific Protocol (ff/ff/ff)',
    ])
    assert.deepEqual(await listed(), ['1-1.1 2b04:c00d', '1-1.2 2b04:c020', '1-1.3 2b04:c006'])
  })
})

describe('usbip attach', () => {
  it('brings a board to the kernel, one host at a time', async (t) => {
    assert.equal((await attach('1-1.1')).code, 0)
    await until(() => enumerated().includes('1-1 2b04:c00d'))
    const again = await attach('1-1.1')
    assert.equal(again.code, 1)
    assert.match(again.err, /Device busy \(exported\)/)
    assert.match((await attach('7-7')).err, /Device not found/)
    assert.deepEqual(await listed(), ['1-1.2 2b04:c020', '1-1.3 2b04:c006'])
    const { out } = await usbip('port')
    t.diagnostic(out.trim())
    assert.match(
      out,
      /Port 00: <Port in Use> at Full Speed\(12Mbps\)\n.*\(2b04:c00d\)\n +1-1 -> usbip:\/\/127\.0\.0\.1:3240\/1-1\.1\n/,
    )
  })

  it('lets the serial driver bind, open, read and write, and the board stays', async () => {
    await until(() => existsSync('/dev/ttyACM0'))
    assert.equal(basename(readlinkSync(join(sysfs, '1-1:1.0/driver'))), 'cdc_acm')
    assert.equal(basename(readlinkSync(join(sysfs, '1-1:1.1/driver'))), 'cdc_acm')
    assert.equal(existsSync(join(sysfs, '1-1:1.2/driver')), false)
    const reader = await run('timeout', '0.5', 'cat', '/dev/ttyACM0')
    assert.deepEqual([reader.code, reader.out], [124, ''])
    writeFileSync('/dev/ttyACM0', randomBytes(5_000))
    for (let times = 0; times < 5; times += 1) assert.equal((await run('stty', '-F', '/dev/ttyACM0', '115200')).code, 0)
    assert.deepEqual(enumerated(), ['1-1 2b04:c00d'])
  })

  it('again after a reset finds the same bus ID under the product ID of DFU mode: 14400 baud', async () => {
    assert.equal((await run('perl', '-e', setBaud, '/dev/ttyACM0', '14400')).code, 0)
    await until(() => said.includes('"event":"lost","busId":"1-1.1"') && enumerated().length === 0)
    await untilListed('1-1.1 2b04:d00d')
    assert.equal((await attach('1-1.1')).code, 0)
    await until(() => enumerated().includes('1-1 2b04:d00d'))
  })
})

describe('an attached board', () => {
  it('is written and read by dfu-util', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usbip.'))
    const [written, read] = [join(folder, 'written.bin'), join(folder, 'read.bin')]
    const boron = ['-d', '2b04:d00d', '-a', '0']
    writeFileSync(written, randomBytes(20_480))
    const down = await run('dfu-util', ...boron, '-s', '0xd4000', '-D', written)
    assert.equal(down.code, 0, down.err)
    const up = await run('dfu-util', ...boron, '-s', '0xd4000:20480', '-U', read)
    assert.equal(up.code, 0, up.err)
    assert.ok(readFileSync(read).equals(readFileSync(written)))
    rmSync(folder, { recursive: true })
  })

  it('is identified by the station, in DFU mode', async () => {
    const data = mkdtempSync(join(tmpdir(), 'usbip-station.'))
    const { code, out, err } = await run(process.execPath, commandLine, 'identify', '--json', '--data', data)
    assert.equal(code, 0, err)
    assert.match(out, /"portPath":"1-1","platform":"boron","mode":"dfu","deviceId":"e00fce68[0-9a-f]{16}"/)
    rmSync(data, { recursive: true })
  })

  it('that is detached is free for the next host, in the state of a reset', async () => {
    assert.equal((await usbip('detach', '-p', '0')).code, 0)
    await until(() => enumerated().length === 0 && said.includes('"detached"'))
    await untilListed('1-1.1 2b04:d00d')
    assert.equal((await attach('1-1.1')).code, 0)
    await until(() => enumerated().includes('1-1 2b04:d00d'))
  })

  it('that is unplugged is gone, and comes back when it is plugged in', async () => {
    order('unplug 1-1.1')
    await until(() => enumerated().length === 0)
    assert.match((await attach('1-1.1')).err, /Device not found/)
    order('plug 1-1.1')
    await untilListed('1-1.1 2b04:c00d')
  })
})

describe('the loop of docs/usbip.md', () => {
  it('attaches every board, and each again after its reset', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/usbip.md'), 'utf8')
    const script = /```sh\n([\s\S]+?)```/.exec(page)?.[1]
    assert.ok(script)
    const loop = spawn('/bin/sh', ['-c', script, 'loop', host], { stdio: 'ignore', detached: true })
    try {
      await until(() => enumerated().length === 3)
      // The serial driver binds whatever the order of a family's interfaces and endpoints.
      await until(() => [0, 1, 2].every((number) => existsSync(`/dev/ttyACM${number}`)))
      order('button 1-1.1')
      order('button 1-1.2')
      const ids = () => enumerated().map((line) => line.split(' ')[1])
      await until(() => ids().includes('2b04:d00d') && ids().includes('2b04:d020') && ids().includes('2b04:c006'))
    } finally {
      if (loop.pid !== undefined) process.kill(-loop.pid)
    }
  })
})

describe('a server that is killed', () => {
  it('takes all its boards with it', async () => {
    assert.equal(enumerated().length, 3)
    await endServer('SIGKILL')
    await until(() => enumerated().length === 0)
    const { out } = await usbip('port')
    assert.doesNotMatch(out, /Port in Use/)
    await delay(100)
    assert.match((await usbip('list', '-r', host)).err, /could not connect/)
  })

  it('is followed by another on the same port, whose boards are the same', async () => {
    await startServer('--boards', 'boron:1', '--speed', '20')
    await untilListed('1-1.1 2b04:c00d')
    assert.equal((await attach('1-1.1')).code, 0)
    await until(() => enumerated().length === 1)
    await endServer('SIGTERM')
    await until(() => enumerated().length === 0)
  })
})
