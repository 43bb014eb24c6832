// The preload as the sandbox runs it, on a stand-in for Electron's two objects: it exposes two verbs, lets the names of
// the contract through and no other, and hands out no event.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import config from '../../electron.vite.config.ts'
import { callNames, feedNames } from '../../src/shared/contract/contract.ts'

interface Exposed {
  call(name: unknown, input: unknown): Promise<unknown>
  watch(name: unknown, listener: unknown): () => void
}

const source = readFileSync(new URL('../../src/main/shell/preload.ts', import.meta.url), 'utf8')
const sent: unknown[][] = []
const listeners = new Set<(event: unknown, id: unknown, frame: unknown) => void>()
const exposed = new Map<string, Exposed>()

const electron = {
  contextBridge: { exposeInMainWorld: (name: string, api: Exposed) => void exposed.set(name, api) },
  ipcRenderer: {
    invoke: async (...message: unknown[]) => {
      sent.push(message)
      return { ok: true, value: null }
    },
    send: (...message: unknown[]) => void sent.push(message),
    on: (_: string, listener: (event: unknown, id: unknown, frame: unknown) => void) => void listeners.add(listener),
    off: (_: string, listener: (event: unknown, id: unknown, frame: unknown) => void) =>
      void listeners.delete(listener),
  },
}

function definedNames(): Readonly<Record<string, string>> {
  if (typeof config === 'function' || config instanceof Promise) throw new Error('the build configuration is no object')
  const preload = config.preload
  if (!preload || typeof preload !== 'object' || !('define' in preload)) throw new Error('the preload defines nothing')
  return preload.define as Record<string, string>
}

function station(): Exposed {
  const api = exposed.get('station')
  if (!api) throw new Error('the preload exposed no station')
  return api
}

beforeEach(() => {
  sent.length = 0
  listeners.clear()
  exposed.clear()
  const code = stripTypeScriptTypes(source).replace(
    /import\s*\{[^}]*\}\s*from 'electron'/,
    'const { contextBridge, ipcRenderer } = electron',
  )
  const names = Object.fromEntries(Object.entries(definedNames()).map(([name, text]) => [name, JSON.parse(text)]))
  runInNewContext(code, { electron, ...names })
})

describe('the preload', () => {
  it('exposes the station under one name, with two verbs', () => {
    expect([...exposed.keys()]).toEqual(['station'])
    expect(Object.keys(station()).sort()).toEqual(['call', 'watch'])
  })

  it('is given exactly the names of the contract by the build', () => {
    const names = Object.values(definedNames()).map((text) => JSON.parse(text) as unknown)
    expect(names).toEqual([callNames, feedNames])
  })

  it.each(callNames)('passes %s on', async (name) => {
    expect(await station().call(name, {})).toEqual({ ok: true, value: null })
    expect(sent).toEqual([['station:call', name, {}]])
  })

  it.each(['eval', 'toString', '__proto__', '', 7, null, { toString: () => 'readSettings' }])(
    'answers the call %j itself and sends nothing',
    async (name) => {
      expect(await station().call(name, {})).toMatchObject({ ok: false, fault: { code: 'CALL_REJECTED' } })
      expect(sent).toEqual([])
    },
  )

  it('gives a listener the frames of its own watch and nothing of the event, until it stops', () => {
    const heard: unknown[][] = []
    const stop = station().watch('bench', (...frame: unknown[]) => void heard.push(frame))
    const [[, asked] = []] = sent
    expect(asked).toEqual({ id: 1, watch: 'bench' })
    for (const listener of listeners) {
      listener({ sender: 'secret' }, 1, 'frame')
      listener({ sender: 'secret' }, 2, 'of another')
    }
    expect(heard).toEqual([['frame']])
    stop()
    expect(listeners.size).toBe(0)
    expect(sent.at(-1)).toEqual(['station:feed', { id: 1, watch: null }])
  })

  it.each([['station:call'], ['readSettings'], [undefined]])('refuses to watch %j', (name) => {
    expect(() => station().watch(name, () => undefined)).toThrow(/no feed is named/)
    expect(sent).toEqual([])
  })
})
