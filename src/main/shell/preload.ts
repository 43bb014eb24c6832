// The bridge between the page and the shell: two verbs, and only names of the contract. The page never gets ipcRenderer,
// an event, or a channel of its own choice. It runs sandboxed, as one file, so it knows the names and no schema.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'

/** Put in by the build, from the contract. */
declare const __STATION_CALLS__: readonly string[]
declare const __STATION_FEEDS__: readonly string[]

const calls = new Set(__STATION_CALLS__)
const feeds = new Set(__STATION_FEEDS__)
let lastWatch = 0

function call(name: unknown, input: unknown): Promise<unknown> {
  if (typeof name === 'string' && calls.has(name)) return ipcRenderer.invoke('station:call', name, input)
  const fault = { code: 'CALL_REJECTED', detail: `no call is named ${JSON.stringify(name)}` }
  return Promise.resolve({ ok: false, fault })
}

function watch(name: unknown, listener: unknown): () => void {
  if (typeof name !== 'string' || !feeds.has(name)) throw new TypeError(`no feed is named ${JSON.stringify(name)}`)
  if (typeof listener !== 'function') throw new TypeError('a feed needs a listener')
  lastWatch += 1
  const id = lastWatch
  const hear = (_event: IpcRendererEvent, of: unknown, frame: unknown) => {
    if (of === id) listener(frame)
  }
  ipcRenderer.on('station:feed', hear)
  ipcRenderer.send('station:feed', { id, watch: name })
  return () => {
    ipcRenderer.off('station:feed', hear)
    ipcRenderer.send('station:feed', { id, watch: null })
  }
}

contextBridge.exposeInMainWorld('station', { call, watch })
