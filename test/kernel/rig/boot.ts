// Boots the test kernel and runs one command in it, as this machine would: same files, same environment, its output and
// exit status passed on. The kernel is a process of this machine and ends with the command.
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface BootOptions {
  readonly kernel: string
  readonly command: readonly string[]
  /** Directories whose files the command may really change; everything else it writes is gone afterwards. */
  readonly writable: readonly string[]
  /** The kernel is ended after this time. */
  readonly limitMs: number
  /** Number of the processor core it runs on; null: the last one that this process may use. */
  readonly core: string | null
}

/** Exit status of the command. Throws with the kernel's last words when it ended without one. */
export async function runInKernel(options: BootOptions): Promise<number> {
  const job = mkdtempSync(join(tmpdir(), 'station-kernel.'))
  try {
    writeJob(job, options)
    const logPath = join(job, 'kernel.log')
    const ending = await boot(job, options, openSync(logPath, 'a'))
    const status = readIfThere(join(job, 'status'))
    if (status !== null && status.trim() !== '') return Number(status)
    const lastWords = readFileSync(logPath, 'utf8').split('\n').slice(-30).join('\n')
    throw new Error(`the test kernel ended without an exit status (${ending})\n${lastWords}`)
  } finally {
    rmSync(job, { recursive: true, force: true })
  }
}

function writeJob(job: string, { command, writable }: BootOptions): void {
  copyFileSync(join(import.meta.dirname, 'init.sh'), join(job, 'init.sh'))
  chmodSync(join(job, 'init.sh'), 0o755)
  writeFileSync(join(job, 'writable'), `${[job, ...writable].join('\n')}\n`)
  const variables = Object.entries(process.env).filter(([name]) => /^\w+$/.test(name))
  // The guest's consoles look like terminals always; say when the real output is none.
  if (!process.stdout.isTTY) variables.push(['NO_COLOR', '1'])
  const exports = variables.map(([name, value]) => `export ${name}=${quote(value ?? '')}`)
  const script = [...exports, `cd ${quote(process.cwd())} || exit 126`, `exec ${command.map(quote).join(' ')}`]
  writeFileSync(join(job, 'command.sh'), `${script.join('\n')}\n`)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function boot(job: string, { kernel, limitMs, core }: BootOptions, log: number): Promise<string> {
  const root = ['rootfstype=hostfs', 'rootflags=/', 'ro', `init=${job}/init.sh`]
  // Descriptor 3 takes the kernel's own messages, 1 and 4 the command's output and errors.
  const consoles = ['con=null', 'con0=null,fd:3', 'con1=null,fd:1', 'con2=null,fd:4']
  const uml = ['mem=2G', ...root, 'umid=kernel', `uml_dir=${job}`, ...consoles, 'quiet', 'panic=-1', '--', job]
  // User-Mode Linux is one processor made of two processes that take turns; moving between cores makes it far slower.
  const child = spawn('taskset', ['-c', core ?? allowedCores().at(-1) ?? '0', kernel, ...uml], {
    stdio: ['ignore', 'inherit', log, log, 2],
    detached: true,
  })
  return untilEnded(child, limitMs)
}

function untilEnded(child: ReturnType<typeof spawn>, limitMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const end = (): void => {
    // The kernel runs its programs as processes of this machine, all in its own process group.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  const limit = setTimeout(end, limitMs)
  const onSignal = (): void => {
    end()
    process.exit(130)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
  child.once('error', reject)
  child.once('exit', (status, signal) => {
    clearTimeout(limit)
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
    resolve(signal === null ? `status ${status}` : `${signal}, limit ${limitMs} ms`)
  })
  return promise
}

/** Numbers of the processor cores that this process may use. */
export function allowedCores(): readonly string[] {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return (list ?? '0').split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, at) => String(first + at))
  })
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
