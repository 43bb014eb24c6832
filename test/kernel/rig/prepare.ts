// Builds the test kernel: User-Mode Linux from Debian's kernel source, an ordinary program that is a whole Linux with a
// USB host stack. Built once for each source version and configuration, then kept in the cache directory.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'

const packages = [
  'linux-source-6.1',
  'gcc',
  'libc6-dev',
  'make',
  'flex',
  'bison',
  'bc',
  'xz-utils',
  'udev',
  'iproute2',
  'dfu-util',
  'usbip',
  'fwupd',
]
const sourceArchive = '/usr/src/linux-source-6.1.tar.xz'
const configPath = join(import.meta.dirname, 'kernel.config')

export function cacheDirectory(): string {
  return process.env['STATION_KERNEL_CACHE'] ?? join(homedir(), '.cache', 'dfu-station', 'kernel')
}

/** Path of the kernel, built now if need be. Throws with the reason when it cannot be built here. */
export function prepareKernel(): string {
  installPackages()
  const version = packageVersion('linux-source-6.1')
  const config = readFileSync(configPath)
  const key = createHash('sha256').update(`${version}\n`).update(config).digest('hex').slice(0, 16)
  const kernel = join(cacheDirectory(), `linux-${key}`)
  if (!existsSync(kernel)) build(kernel, config)
  return kernel
}

function packageVersion(name: string): string | null {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's own
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Version}', name], { encoding: 'utf8' })
  const [status, version] = (asked.stdout ?? '').split(/ +/)
  return status === 'ii' && version ? version : null
}

function installPackages(): void {
  const missing = packages.filter((name) => packageVersion(name) === null)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`the test kernel needs these Debian packages: ${missing.join(' ')}`)
  }
  process.stderr.write(`installing ${missing.join(' ')}\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const install = ['install', '-q', '-y', '--no-install-recommends', ...missing]
  execFileSync('apt-get', install, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function build(kernel: string, config: Buffer): void {
  mkdirSync(cacheDirectory(), { recursive: true })
  const directory = mkdtempSync(join(cacheDirectory(), 'build.'))
  const logPath = join(directory, 'build.log')
  const log = openSync(logPath, 'a')
  const run = (...command: readonly string[]): void => {
    const { status } = spawnSync('nice', ['-n', '10', ...command], { cwd: directory, stdio: ['ignore', log, log] })
    if (status !== 0) throw new Error(`building the test kernel failed at "${command.join(' ')}"; see ${logPath}`)
  }
  process.stderr.write(`building the test kernel, some minutes, once; log: ${logPath}\n`)
  run('tar', '-xf', sourceArchive, '--strip-components=1')
  const defaults = readFileSync(join(directory, 'arch/um/configs/x86_64_defconfig'))
  writeFileSync(join(directory, '.config'), Buffer.concat([defaults, config]))
  run('make', 'ARCH=um', 'olddefconfig')
  const wanted = 'CONFIG_USBIP_VHCI_HCD=y'
  if (!readFileSync(join(directory, '.config'), 'utf8').includes(wanted))
    throw new Error(`the source refused ${wanted}`)
  run('make', 'ARCH=um', `-j${availableParallelism()}`, 'linux')
  run('strip', '-o', 'linux.stripped', 'linux')
  renameSync(join(directory, 'linux.stripped'), kernel)
  rmSync(directory, { recursive: true })
}
