// Recipe packs from one command line to another: only the file travels, and every data folder begins empty.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import JSZip from 'jszip'
import { describe, expect, it } from 'vitest'
import { demoFile } from '../desk/samples.ts'
import { newKey, packBytes, packRecipe } from '../station/packs/pack-samples.ts'
import { flashOutput, jsonLines, startStation, station, stockedFolder, temporaryFolder } from './run-station.ts'

/** An engineer's station packs Device OS 4.0.2 with a user firmware of its own; the file. */
async function packed(...words: readonly string[]): Promise<{ readonly file: string; readonly data: string }> {
  const data = await stockedFolder()
  const file = join(data, 'line.dfupack')
  const user = join(data, 'user.bin')
  writeFileSync(user, demoFile('boron/4.0.2/user-part.bin'))
  const recipe = join(data, 'recipe.json')
  writeFileSync(
    recipe,
    JSON.stringify({
      ...{ format: 'dfu-station-recipe', version: 1, name: 'Line 3', platforms: ['boron'], deviceOs: '4.0.2' },
      user: { file: 'user.bin' },
      label: { product: 'Blinky' },
    }),
  )
  const { code, stderr } = await station('pack', 'export', '--data', data, '--recipe', recipe, '--out', file, ...words)
  if (code !== 0) throw new Error(stderr)
  return { file, data }
}

const show = async (file: string, data: string) => {
  const { stdout } = await station('pack', 'show', file, '--data', data, '--json')
  return jsonLines(stdout)[0] as { readonly version: number; readonly signer: { readonly publicKey: string } }
}

describe('a pack on the command line', () => {
  it('says what it holds and who signed it; the key of the station is its own and nobody else may read it', async () => {
    const { file, data } = await packed('--author', 'Ada')
    const { code, stdout } = await station('pack', 'show', file, '--data', temporaryFolder())
    expect(code).toBe(0)
    expect(stdout).toMatch(/Line 3 version 1, \S+, by Ada/)
    expect(stdout).toMatch(/signed by a key that is NOT TRUSTED, ([0-9A-Z]{4}-){3}[0-9A-Z]{4}/)
    expect(stdout).toMatch(/label product: Blinky/)
    expect(stdout).toMatch(/sets\/boron-user\/user-1\.bin/)
    if (process.platform !== 'win32') expect(statSync(join(data, 'signing-key.pem')).mode & 0o777).toBe(0o600)
    const keys = jsonLines((await station('pack', 'keys', '--data', data, '--json')).stdout)
    expect(keys).toMatchObject([{ kind: 'own', publicKey: (await show(file, data)).signer.publicKey }])
  }, 60_000)

  it('steers no terminal and adds no lines of its own by what it is called', async () => {
    const data = temporaryFolder()
    const file = join(data, 'line.dfupack')
    const forged = 'Ada\n  signed by Desk, 5EFS-SPRC-Z8P4-5SNA'
    const recipe = { ...packRecipe, name: 'Line\u001b[2J 3', label: { lot: '7\n  signed by Desk' } }
    writeFileSync(file, await packBytes(newKey(), { author: forged, recipe }))
    const { code, stdout } = await station('pack', 'show', file, '--data', data)
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line.includes('signed by Desk') && /^ *signed/.test(line))).toEqual([])
    expect(stdout).toMatch(/^ {2}signed by a key that is NOT TRUSTED/m)
    expect(stdout).not.toContain('\u001b')
  }, 60_000)

  it('is refused for real boards until its key is trusted, by the file or by the key itself', async () => {
    const { file, data } = await packed()
    const line = temporaryFolder()
    const refused = await station('pack', 'import', file, '--data', line)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^PACK_UNTRUSTED: Line 3 version 1/)
    expect(await station('pack', 'trust', file, '--name', 'Desk', '--data', line)).toMatchObject({ code: 0 })
    expect(await station('pack', 'import', file, '--data', line)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^took Line 3 version 1 \(signed by Desk, /),
    })
    const [taken] = jsonLines((await station('pack', 'list', '--data', line, '--json')).stdout)
    expect(taken).toMatchObject({ name: 'Line 3', version: 1, standing: 'trusted', takenFrom: file })
    expect(await station('pack', 'untrust', 'Desk', '--data', line)).toMatchObject({ code: 0 })
    const [then] = jsonLines((await station('pack', 'list', '--data', line, '--json')).stdout)
    expect(then).toMatchObject({ standing: 'untrusted', fault: { code: 'PACK_UNTRUSTED' } })
    const { publicKey } = (await show(file, data)).signer
    expect(await station('pack', 'trust', publicKey, '--name', 'Desk', '--data', line)).toMatchObject({ code: 0 })
    expect(await station('pack', 'untrust', 'nobody', '--data', line)).toMatchObject({ code: 2 })
  }, 120_000)

  it('that was changed is told apart, and its key is not taken from it', async () => {
    const { file, data } = await packed('--author', 'Ada')
    const broken = join(data, 'broken.dfupack')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(broken, bytes)
    const altered = join(data, 'altered.dfupack')
    const zip = await JSZip.loadAsync(readFileSync(file))
    zip.file('pack.json', String(await zip.file('pack.json')?.async('text')).replace('"Ada"', '"Bob"'))
    writeFileSync(altered, await zip.generateAsync({ type: 'uint8array' }))
    for (const [changed, says] of [
      [broken, /^PACK_UNREADABLE: .*CRC-32/],
      [altered, /^PACK_ALTERED: Line 3 version 1: .*the signature is not over this pack\.json/],
      [join(data, 'nosuch.dfupack'), /^PACK_UNREADABLE: .*nosuch/],
    ] as const) {
      for (const words of [
        ['import', changed],
        ['trust', changed, '--name', 'Desk'],
        ['flash', '--pack', changed],
      ]) {
        const command = words[0] === 'flash' ? words : ['pack', ...words]
        const { code, stderr } = await station(...command, '--data', temporaryFolder())
        expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
      }
    }
    const shown = await station('pack', 'show', altered, '--data', temporaryFolder())
    expect([shown.code, shown.stdout]).toEqual([2, expect.stringContaining('ALTERED')])
  }, 60_000)

  it('flashes boards with nothing else at hand, loudly where nobody trusts it', async () => {
    const { file } = await packed()
    const line = temporaryFolder()
    const words = ['flash', '--pack', file, '--data', line, '--sim', 'boron:2', '--sim-speed', '0', '--json']
    const bench = await station(...words)
    expect(bench.stderr).toMatch(/UNTRUSTED PACK, on simulated boards only/)
    expect([bench.code, flashOutput(bench.stdout).summary]).toEqual([0, { pass: 2, fail: 0, error: 0 }])
    const records = jsonLines((await station('ledger', 'list', '--data', line, '--json')).stdout)
    expect(records.map(({ recipeName }) => recipeName)).toEqual(['UNTRUSTED PACK: Line 3', 'UNTRUSTED PACK: Line 3'])
    const trusting = temporaryFolder()
    await station('pack', 'trust', file, '--name', 'Desk', '--data', trusting)
    const quiet = await station(...words.map((word) => (word === line ? trusting : word)))
    expect([quiet.code, quiet.stderr]).toEqual([0, ''])
    const named = jsonLines((await station('ledger', 'list', '--data', trusting, '--json')).stdout)
    expect(named.map(({ recipeName }) => recipeName)).toEqual(['Line 3', 'Line 3'])
  }, 120_000)

  it('keys are not changed under a station that runs: it would undo it', async () => {
    const { file } = await packed()
    const line = temporaryFolder()
    const running = startStation([
      'flash',
      '--pack',
      file,
      '--data',
      line,
      '--sim',
      'boron:1',
      '--count',
      '9',
      '--json',
    ])
    await expect.poll(() => existsSync(join(line, 'ledger.sqlite.lock')), { timeout: 20_000 }).toBe(true)
    await expect
      .poll(() => station('pack', 'trust', file, '--name', 'Desk', '--data', line), { timeout: 20_000 })
      .toMatchObject({ code: 3, stderr: expect.stringMatching(/^LEDGER_IN_USE/) })
    running.child.kill('SIGTERM')
    await running.ended
    expect(await station('pack', 'trust', file, '--name', 'Desk', '--data', line)).toMatchObject({ code: 0 })
  }, 90_000)

  it('rises in version with each export of its name', async () => {
    const { file, data } = await packed()
    const again = ['pack', 'export', '--data', data, '--recipe', join(data, 'recipe.json'), '--out', file]
    expect(await station(...again)).toMatchObject({ code: 0 })
    expect((await show(file, data)).version).toBe(2)
    expect(await station(...again, '--name', 'Other')).toMatchObject({ code: 0 })
    expect((await show(file, data)).version).toBe(1)
    expect(await station(...again, '--pack-version', '7')).toMatchObject({ code: 0 })
    expect((await show(file, data)).version).toBe(7)
  }, 60_000)
})
