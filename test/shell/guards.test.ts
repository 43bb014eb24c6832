import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listPageFiles } from '../../src/main/page/page-files.ts'
import { answerPage } from '../../src/main/shell/answer-page.ts'
import { isTrustedSender } from '../../src/main/shell/guards/trusted-sender.ts'
import { writeWhole } from '../../src/main/shell/write-whole.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-shell-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a sender', () => {
  const page = {}
  const own = { origin: 'app://station', parent: null }

  it('is trusted as the main frame of our page only', () => {
    expect(isTrustedSender({ sender: page, senderFrame: own }, page)).toBe(true)
    expect(isTrustedSender({ sender: {}, senderFrame: own }, page)).toBe(false)
    expect(isTrustedSender({ sender: page, senderFrame: { ...own, parent: own } }, page)).toBe(false)
    expect(isTrustedSender({ sender: page, senderFrame: { ...own, origin: 'https://evil.example' } }, page)).toBe(false)
    expect(isTrustedSender({ sender: page, senderFrame: { ...own, origin: 'app://stationery' } }, page)).toBe(false)
    expect(isTrustedSender({ sender: page, senderFrame: { ...own, origin: 'null' } }, page)).toBe(false)
    expect(isTrustedSender({ sender: page, senderFrame: null }, page)).toBe(false)
  })
})

describe('app://station/', () => {
  it('gives out the files of the page with the policy, and nothing else', async () => {
    await writeFile(join(folder, 'index.html'), '<!doctype html>')
    const files = await listPageFiles(folder)
    const ask = (url: string, method = 'GET') => answerPage(files, { url, method })
    const page = await ask('app://station/index.html')
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html>',
    ])
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/)
    for (const url of [
      'app://station/../package.json',
      'app://other/index.html',
      'app://station/secret',
      'app://station/%2e%2e/x',
    ]) {
      expect([url, (await ask(url)).status]).toEqual([url, 404])
    }
    expect((await ask('app://station/index.html', 'POST')).status).toBe(404)
  })

  it('says that the screens are not built where they are not', async () => {
    await expect(listPageFiles(folder)).rejects.toThrow(/not built.*npm run build/)
    await expect(listPageFiles(join(folder, 'nowhere'))).rejects.toThrow(/not built/)
  })
})

describe('an export that is saved', () => {
  it('has the name once it is whole, and leaves nothing when it fails', async () => {
    const path = join(folder, 'records.csv')
    await writeWhole(
      path,
      (async function* () {
        yield 'a\r\n'
        yield 'b\r\n'
      })(),
    )
    expect(await readFile(path, 'utf8')).toBe('a\r\nb\r\n')
    const broken = writeWhole(
      join(folder, 'other.csv'),
      (async function* () {
        yield 'a\r\n'
        throw new Error('disk')
      })(),
    )
    await expect(broken).rejects.toThrow('disk')
    expect(await readdir(folder)).toEqual(['records.csv'])
  })
})
