import { fork } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeAtomically } from '../../src/main/desk/write-atomically.ts'
import { temporaryFolder } from './desk-under-test.ts'

describe('a file that is written atomically', () => {
  it('holds the new text, and nothing lies beside it', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'settings.json')
    writeAtomically(file, 'one')
    writeAtomically(file, 'two')
    expect(readFileSync(file, 'utf8')).toBe('two')
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })

  it('is the old one when the new one cannot be written, and the fault names it', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'settings.json')
    // A folder cannot be replaced by a file.
    mkdirSync(join(file, 'inside'), { recursive: true })
    expect(() => writeAtomically(file, 'new')).toThrow(
      expect.objectContaining({ code: 'CALL_REJECTED', detail: expect.stringContaining(file) }),
    )
    expect(readdirSync(folder)).toEqual(['settings.json'])
    expect(() => writeAtomically(join(folder, 'nowhere', 'x'), 'new')).toThrow(/cannot be written/)
  })

  it('is whole after a kill at any moment', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'long.txt')
    writeFileSync(file, 'a'.repeat(200_000))
    const child = fileURLToPath(new URL('./writing-child.ts', import.meta.url))
    for (let round = 0; round < 8; round += 1) {
      const writer = fork(child, [file], { stdio: 'ignore' })
      const gone = new Promise((resolve) => writer.on('exit', resolve))
      await new Promise((resolve) => writer.once('message', resolve))
      await delay(round * 7)
      writer.kill('SIGKILL')
      await gone
      const text = readFileSync(file, 'utf8')
      expect(text).toHaveLength(200_000)
      expect(new Set(text).size).toBe(1)
    }
  })
})
