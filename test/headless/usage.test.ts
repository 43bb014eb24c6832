// The words of the command line. What is wrong is one clear line on stderr, exit 2, nothing on stdout, nothing on disk.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/main/headless/arguments.ts'
import { oneLine } from '../../src/main/headless/output.ts'
import { usage } from '../../src/main/headless/usage.ts'
import { UsageError } from '../../src/main/headless/usage-error.ts'
import { jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'

const wrong: readonly (readonly [line: string, says: RegExp])[] = [
  ['', /--help/],
  ['nosuchcommand', /no command "nosuchcommand"/],
  ['constructor', /no command "constructor"/],
  ['__proto__', /no command/],
  ['devices --color', /'--color'/],
  ['devices --count 3', /devices: takes no --count/],
  ['devices extra', /devices extra/],
  ['identify --recipe r.json', /identify: --recipe goes with --record/],
  ['identify --take-loaders', /identify: --take-loaders goes with --record/],
  ['devices --ask slot3', /--ask slot3: wants a USB port as "devices" shows it/],
  ['upload', /upload: wants --port PORT and --out FILE/],
  ['upload --port 1-1', /upload: wants --port PORT and --out FILE/],
  ['upload --port 3 --out a.bin', /--port 3: wants a USB port/],
  ['upload --port 1-1 --out a.bin --address -1', /--address/],
  ['upload --port 1-1 --out a.bin --address 0x123456789', /--address 0x123456789: wants 0 to 0xffffffff/],
  ['upload --port 1-1 --out a.bin --size 0', /--size 0: wants 1 to 0xffffffff/],
  ['upload --port 1-1 --out a.bin --size 2k', /--size 2k/],
  ['images', /images: wants "list", "import FILE\.\.\.", "inspect FILE"/],
  ['images import', /at least one file/],
  ['images inspect a b', /wants one file/],
  ['images suffix a.bin --vid 0483 --pid df11', /images suffix: wants --vid VENDOR, --pid PRODUCT and --out FILE/],
  ['images suffix a.bin --vid 483 --pid df11 --out a.dfu', /--vid 483: wants four hexadecimal digits/],
  ['images suffix a.bin --vid 0483 --pid df11 --rev 1.2 --out a.dfu', /--rev 1\.2: wants a version such as 1\.02/],
  ['devices --take-loaders', /devices: takes no --take-loaders/],
  ['firmware', /firmware: wants "import PATH\.\.\.", "list", "versions"/],
  ['firmware burn x', /firmware burn: wants/],
  ['firmware import', /at least one/],
  ['firmware list x', /firmware list/],
  ['flash', /--recipe FILE or --target VERSION/],
  ['flash --recipe r.json --target 4.0.2', /either --recipe FILE or --target VERSION/],
  ['flash --target', /--target/],
  ['flash --target 4.0.2 --count 0', /--count 0: wants a whole number, 1 or more/],
  ['flash --target 4.0.2 --count 2.5', /--count 2\.5/],
  ['flash --target 4.0.2 --count many', /--count many/],
  ['flash --target 4.0.2 --sim-speed -1', /--sim-speed/],
  ['flash --target 4.0.2 --sim-speed Infinity', /--sim-speed Infinity/],
  ['flash --target 4.0.2 --sim-speed fast', /--sim-speed fast/],
  ['flash --target 4.0.2 --sim toaster:4', /--sim toaster:4: .*toaster/],
  ['flash --target 4.0.2 --sim boron:0', /--sim boron:0/],
  ['flash --target 4.0.2 --sim nosuchbench.json', /--sim nosuchbench\.json: cannot be read/],
  ['flash --pack a.dfupack --target 4.0.2', /either --recipe FILE or --target VERSION or --pack FILE/],
  ['flash --pack a.dfupack --user u.bin', /--user does not go with it/],
  ['verify', /verify: wants either --recipe FILE or --target VERSION or --pack FILE/],
  ['verify --target 4.0.2 --force', /verify: takes no --force/],
  ['verify --pack a.dfupack --user u.bin', /verify: a pack has its user firmware/],
  ['identify --count 2', /identify: --count goes with --record/],
  ['pack', /pack: wants "export", "import"/],
  ['pack burn a.dfupack', /pack burn: wants/],
  ['pack export --target 4.0.2', /pack export: wants --out FILE/],
  ['pack export --out a.dfupack', /--recipe FILE or --target VERSION/],
  ['pack export --out a.dfupack --target 4.0.2 --pack-version 0', /--pack-version 0: wants a whole number, 1 or more/],
  ['pack import', /wants one pack/],
  ['pack import a.dfupack b.dfupack', /wants one pack/],
  ['pack trust a.dfupack', /wants --name NAME/],
  ['pack show a.dfupack --name x', /takes no --name/],
  ['ledger', /ledger: wants "list"/],
  ['ledger erase', /ledger erase: wants "list"/],
  ['ledger show', /one record ID/],
  ['ledger show a b', /one record ID/],
  ['ledger export --format xml', /--format xml: wants csv or jsonl/],
  ['serve --port 70000', /--port 70000: wants a whole number, 0 to 65535/],
  ['serve --port x', /--port x/],
  ['demo --boards 33', /--boards 33: wants a whole number, 1 to 32/],
  ['demo --boards 2 --sim boron:2', /either --boards N or --sim SPEC/],
  ['doctor now', /doctor now/],
  ['sim', /sim: wants --boards SPEC and --usbip/],
  ['sim --boards boron:2', /--usbip/],
  ['sim --usbip', /--boards SPEC/],
  ['sim --usbip --boards toaster', /--boards toaster: .*toaster/],
  ['sim --usbip --boards nosuchbench.json', /--boards nosuchbench\.json: cannot be read/],
  ['sim --usbip --boards boron --port 70000', /--port 70000/],
  ['sim --usbip --boards boron --speed slow', /--speed slow/],
  ['sim --usbip --boards boron --host everywhere', /--host everywhere: wants an IP address/],
  ['sim --usbip --boards boron --sim boron', /sim: takes no --sim/],
  ['sim --usbip --boards boron --data d', /sim: takes no --data/],
  ['devices --usbip', /devices: takes no --usbip/],
]

const read = (line: string) => readCommandLine(line.split(' ').filter((word) => word !== ''))

describe('a wrong command line', () => {
  it.each(wrong)('%j is refused', (line, says) => {
    expect(() => read(line)).toThrow(UsageError)
    expect(() => read(line)).toThrow(says)
  })

  it.each(['', 'nosuchcommand', 'devices --color', 'devices --sim --json', 'flash', 'ledger erase', 'serve --port x'])(
    '%j is one line on stderr, nothing on stdout, exit 2',
    async (line) => {
      const data = join(temporaryFolder(), 'data')
      const ended = await station(...line.split(' ').filter((word) => word !== ''), ...(line ? ['--data', data] : []))
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(linesOf(ended.stderr)).toHaveLength(1)
      expect(existsSync(data)).toBe(false)
    },
  )

  it('with an option without its value is refused', () => {
    expect(() => readCommandLine(['devices', '--data', ''])).toThrow('--data: wants a value')
    expect(() => readCommandLine(['flash', '--target', ''])).toThrow('--target: wants a value')
  })

  it('is one line, whatever it quotes', () => {
    expect(oneLine('not JSON: "{\n  \\"a\\" "\n')).toBe('not JSON: "{ \\"a\\" "')
  })
})

describe('a right command line', () => {
  it('may have its options in any place', () => {
    expect(readCommandLine(['--json', 'ledger', '--data', '/x', 'show', 'r-1'])).toMatchObject({
      words: ['ledger', 'show', 'r-1'],
      data: '/x',
      json: true,
    })
  })

  it('has defaults', () => {
    expect(readCommandLine(['flash', '--target', '4.0.2'])).toMatchObject({
      ...{ sim: null, simSpeed: 1, simDump: null, json: false, recipe: null, target: '4.0.2', user: null },
      ...{ count: null, format: 'csv', port: 0, boards: null, headless: false, help: false, text: '' },
    })
    expect(readCommandLine(['sim', '--boards', 'boron:2', '--usbip'])).toMatchObject({
      ...{ bench: 'boron:2', host: '127.0.0.1', port: 3240, simSpeed: 1, boards: null, sim: null },
    })
    expect(readCommandLine(['demo']).data).toMatch(/dfu-station-demo$/)
    expect(readCommandLine(['devices']).data).toMatch(/dfu-station$/)
  })

  it('names a bench in short form or by its file, whatever the file is called', () => {
    const file = join(temporaryFolder(), 'my-bench')
    const text = JSON.stringify({ format: 'dfu-station-bench', version: 1, boards: [{ platform: 'p2' }] })
    writeFileSync(file, text)
    expect(readCommandLine(['devices', '--sim', file]).sim).toBe(text)
    expect(readCommandLine(['devices', '--sim', 'boron:4,photon:2,p2:2']).sim).toBe('boron:4,photon:2,p2:2')
  })

  it('with a bench file that is wrong names the file and the field', () => {
    const file = join(temporaryFolder(), 'bench.json')
    for (const [text, says] of [
      ['{', /not JSON/],
      ['{"format":"dfu-station-bench","version":1,"boards":[{"platform":"toaster"}]}', /boards\.0\.platform/],
      ['{"format":"dfu-station-bench","version":1,"boards":[{"platform":"p2","faults":["on fire"]}]}', /on fire/],
    ] as const) {
      writeFileSync(file, text)
      expect(() => readCommandLine(['devices', '--sim', file])).toThrow(says)
      expect(() => readCommandLine(['devices', '--sim', file])).toThrow(`--sim ${file}: `)
    }
  })
})

describe('help and version', () => {
  it.each([['--help'], ['-h'], ['flash', '--help'], ['nonsense', '--help']])(
    '%s prints the usage',
    async (...words) => {
      const ended = await station(...words)
      expect(ended).toEqual({ code: 0, stdout: usage, stderr: '' })
    },
  )

  it('names every command and every option of the contract with scripts', () => {
    for (const word of [
      ...['devices', 'identify', 'firmware import PATH...', 'firmware list', 'flash --recipe FILE', '--target VERSION'],
      ...[
        'verify --recipe FILE',
        '--force',
        '--record',
        '--user FILE',
        '--count N',
        'ledger list',
        'ledger show ID',
        'ledger export',
        'ledger verify',
        'csv|jsonl',
      ],
      ...[
        'serve [--port N]',
        'demo',
        'doctor',
        'sim --boards SPEC --usbip',
        '--data DIR',
        '--sim SPEC',
        '--sim-speed N',
        '--json',
      ],
      ...['--ask PORT', '--take-loaders', 'upload --port PORT --out FILE', '[--memory N|NAME]', '[--address A]'],
      ...['images import FILE...', 'images list', 'images inspect FILE', 'images suffix FILE', '--vid V --pid P'],
    ]) {
      expect(usage).toContain(word)
    }
  })

  it('version is the software version', async () => {
    const file = new URL('../../package.json', import.meta.url)
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
    expect(await station('version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect(jsonLines((await station('version', '--json')).stdout)).toEqual([{ version }])
  })
})
