import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFlags } from '../../src/main/shell/flags.ts'
import { createPackInbox } from '../../src/main/shell/pack-inbox.ts'
import { askedPack, linkedPack } from '../../src/main/shell/pack-word.ts'

describe('the shell’s command line', () => {
  it('takes its own flags in both spellings and lets those of Chromium pass', () => {
    const words = [
      '--inspect=0',
      '--remote-debugging-port=0',
      '.',
      '--data',
      '/tmp/a',
      '--sim=boron:4',
      '--sim-speed',
      '10',
      '--demo',
    ]
    expect(readFlags(words, '/there')).toEqual({
      dataFolder: '/tmp/a',
      boards: 'boron:4',
      simSpeed: 10,
      isDemo: true,
      boardCount: 8,
      pack: null,
    })
  })

  it('means real USB and the folder of this user when nothing is said', () => {
    expect(readFlags(['.'], '/there')).toEqual({
      ...{ dataFolder: null, boards: null, simSpeed: null, isDemo: false, boardCount: 8, pack: null },
    })
  })

  it.each([
    ['--data'],
    ['--sim'],
    ['--sim='],
    ['--sim', 'nowhere/bench.json'],
    ['--sim-speed', 'fast'],
    ['--sim-speed', '1001'],
    ['--sim-speed=-1'],
    ['--boards', '33'],
    ['--boards=0'],
  ])('refuses %s %s', (...words) => {
    expect(() => readFlags(words, '/there')).toThrow(
      /^CALL_REJECTED: --(data|sim|sim-speed|boards).* (needs|takes|cannot)/,
    )
  })

  it('takes a pack by its name, by itself, or as a link', () => {
    const file = { word: { file: resolve('/there', 'a b.dfupack') }, mustAsk: false }
    expect(readFlags(['.', 'a b.dfupack'], '/there').pack).toEqual(file)
    expect(readFlags(['.', '--pack', 'a b.dfupack'], '/there').pack).toEqual(file)
    const link = { word: { name: 'Line 3' }, mustAsk: true }
    expect(readFlags(['--no-sandbox', 'dfu-station://open?pack=Line%203'], '/there').pack).toEqual(link)
  })
})

describe('a link to a pack', () => {
  it.each(['dfu-station://open?pack=Line', 'dfu-station://open/?pack=Line', 'DFU-STATION://OPEN?pack=Line'])(
    '%s names a pack, and a person must agree',
    (link) => {
      expect(linkedPack(link)).toEqual({ word: { name: 'Line' }, mustAsk: true })
    },
  )

  it.each([
    'dfu-station://open?pack=',
    'dfu-station://open?pack=..%2F..%2Fa',
    'dfu-station://open?pack=%2Fetc%2Fa.dfupack',
    'dfu-station://open?pack=C%3A%5Ca',
    'dfu-station://open?pack=%5C%5Cserver%5Cshare%5Ca',
    'dfu-station://open?pack=https%3A%2F%2Fexample.com%2Fa',
    'dfu-station://open?pack=a&trust=1',
    'dfu-station://open?pack=a&pack=b',
    'dfu-station://open/elsewhere?pack=a',
    'dfu-station://server/share?pack=a',
    'dfu-station://me@open?pack=a',
    'dfu-station://open?file=a',
    'dfu-station:a.dfupack',
    'https://open?pack=a',
    'no link',
  ])('%s is none', (link) => {
    expect(linkedPack(link)).toBeNull()
    if (link.startsWith('dfu-station:')) expect(askedPack([link], '/')).toBeNull()
  })
})

describe('packs from outside', () => {
  it('wait for the station, the last one only; once it stands a person must agree', () => {
    const inbox = createPackInbox()
    const opened: unknown[] = []
    inbox.put(null)
    inbox.put(askedPack(['a.dfupack'], '/'))
    inbox.put(askedPack(['b.dfupack'], '/'))
    inbox.deliverTo((asked) => opened.push(asked))
    inbox.put(askedPack(['c.dfupack'], '/'))
    expect(opened).toEqual([
      { word: { file: resolve('/b.dfupack') }, mustAsk: false },
      { word: { file: resolve('/c.dfupack') }, mustAsk: true },
    ])
  })
})
