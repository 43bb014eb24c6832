// Forks the USB process as a utility process of Electron: it works with the run-as-Node fuse off, and ends with the shell.
import { utilityProcess } from 'electron/main'
import { maxSlots } from '../../shared/model/bench-size.ts'
import type { ForkHost } from '../host/host-process.ts'

/** `entry` is the built station host. */
export function forkUtilityHost(entry: string): ForkHost {
  return (environment) => {
    const child = utilityProcess.fork(entry, [], {
      env: { ...inherited(), ...environment },
      serviceName: 'DFU Station USB',
      stdio: 'inherit',
    })
    let isAlive = true
    child.on('exit', () => {
      isAlive = false
    })
    return {
      get pid() {
        return child.pid
      },
      send: (message) => {
        if (isAlive) child.postMessage(message)
      },
      onMessage: (listener) => {
        child.on('message', listener)
      },
      onExit: (listener) => {
        child.on('exit', (code) => listener({ code }))
      },
      kill: () => {
        if (!isAlive) return
        // Its own kill asks; the supervisor has asked before and means it now.
        if (child.pid === undefined) child.kill()
        else process.kill(child.pid, 'SIGKILL')
      },
    }
  }
}

/** Resets run on libuv's pool, four threads unless told: every slot gets one, and files some more. */
function inherited(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...environment } = process.env
  return { ...environment, UV_THREADPOOL_SIZE: String(maxSlots + 4) }
}
