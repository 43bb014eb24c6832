// The TCP and UDP sockets of a process and its children, from Linux's own tables.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface OpenSocket {
  readonly kind: string
  readonly local: string
  readonly remote: string
}

export function openSockets(pid: number): OpenSocket[] {
  const inodes = new Set(family(pid).flatMap(inodesOf))
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map((fields) => ({ kind, local: readable(fields[1] ?? ''), remote: readable(fields[2] ?? '') })),
  )
}

function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean)
  return [pid, ...children.flatMap((child) => family(Number(child)))]
}

function inodesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
    } catch {
      return []
    }
  })
}

/** "0100007F:1F90" as "127.0.0.1:8080"; version 6 addresses stay as they are. */
function readable(address: string): string {
  const [host = '', port = ''] = address.split(':')
  if (host.length !== 8) return `${host}:${Number.parseInt(port, 16)}`
  const bytes = host.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? []
  return `${bytes.reverse().join('.')}:${Number.parseInt(port, 16)}`
}
