// Forks the USB process as a child of Node: for the web door and the command line. The shell forks its own kind.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ForkHost, HostExit } from './host-process.ts'

const entry = fileURLToPath(new URL('./station-host.ts', import.meta.url))
const standardError = 2

export const forkNodeHost: ForkHost = (environment) => {
  const child = fork(entry, [], {
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    // Standard output belongs to the results of a command: whatever a library prints goes to standard error.
    stdio: ['ignore', standardError, standardError, 'ipc'],
  })
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onExit: (listener) => {
      let told = false
      const tell = (exit: HostExit) => {
        if (told) return
        told = true
        listener(exit)
      }
      child.on('exit', (code, signal) => tell(signal ? { signal } : { code: code ?? -1 }))
      // An error of a process that lives (a kill that was refused) is not its end.
      child.on('error', () => {
        if (child.pid === undefined) tell({ code: -1 })
      })
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
