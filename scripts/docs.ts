// npm run docs: writes the pages of the docs that are made from the code.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { platformsPage } from './platforms-page.ts'

const page = join(import.meta.dirname, '..', 'docs', 'platforms.md')
writeFileSync(page, platformsPage())
process.stdout.write(`${page}\n`)
