import { describe, expect, it } from 'vitest'
import { readLaunchArguments } from '../../src/main/launch/launch-arguments.ts'

describe('the words of npm start and npm run demo', () => {
  it('go to the station as they are, but for the launcher’s own', () => {
    const words = ['demo', '--boards', '8', '--no-browser', '--json', '--port', '4280', '--sim', 'boron:4']
    expect(readLaunchArguments(words)).toEqual({
      form: 'demo',
      isHeadless: false,
      isWebOnly: false,
      opensBrowser: false,
      port: 4280,
      rest: ['--boards', '8', '--json', '--sim', 'boron:4'],
    })
  })

  it('go straight to the command line with --headless', () => {
    expect(readLaunchArguments(['demo', '--headless', '--boards', '8', '--json'])).toMatchObject({
      isHeadless: true,
      rest: ['--boards', '8', '--json'],
    })
  })

  it('take the port in both spellings and refuse what is none', () => {
    expect(readLaunchArguments(['start', '--port=0']).port).toBe(0)
    for (const port of [['--port'], ['--port='], ['--port', 'web'], ['--port', '65536'], ['--port=1.5']]) {
      expect(() => readLaunchArguments(['start', ...port])).toThrow(/--port takes a number from 0 to 65535/)
    }
  })

  it('name a pack by itself, in the flag that every form knows', () => {
    const pack = ['--pack', 'line 3.dfupack']
    expect(readLaunchArguments(['start', 'line 3.dfupack', '--web']).rest).toEqual(pack)
    expect(readLaunchArguments(['start', ...pack]).rest).toEqual(pack)
  })

  it('name the form to run', () => {
    expect(() => readLaunchArguments(['stop'])).toThrow(/"start" or "demo"/)
    expect(() => readLaunchArguments([])).toThrow(/"start" or "demo"/)
  })
})
