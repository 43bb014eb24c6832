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
      simulation: { boards: 'boron:4', speed: 10 },
      isDemo: true,
    })
  })

  it('means real USB and the folder of this user when nothing is said', () => {
    expect(readFlags(['.'])).toEqual({ dataFolder: null, simulation: null, isDemo: false })
  })

  it.each([['--data'], ['--sim'], ['--sim='], ['--sim-speed', 'fast'], ['--sim-speed', '1001'], ['--sim-speed', '-1']])(
    'refuses %s %s',
    (...words) => {
      expect(() => readFlags(words)).toThrow(/^CALL_REJECTED: --(data|sim|sim-speed) (needs|takes) a/)
    },
  )
})
