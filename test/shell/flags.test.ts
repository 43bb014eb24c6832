import { describe, expect, it } from 'vitest'
import { readFlags } from '../../src/main/shell/flags.ts'

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
    expect(readFlags(words)).toEqual({
      dataFolder: '/tmp/a',
      boards: 'boron:4',
      simSpeed: 10,
      isDemo: true,
      boardCount: 8,
    })
  })

  it('means real USB and the folder of this user when nothing is said', () => {
    expect(readFlags(['.'])).toEqual({ dataFolder: null, boards: null, simSpeed: null, isDemo: false, boardCount: 8 })
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
    expect(() => readFlags(words)).toThrow(/^CALL_REJECTED: --(data|sim|sim-speed|boards).* (needs|takes|cannot)/)
  })
})
