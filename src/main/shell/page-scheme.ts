// Tells Electron of the page's scheme, and gives out the built renderer there.
import { protocol } from 'electron/main'
import type { PageFiles } from '../page/page-files.ts'
import { answerPage } from './answer-page.ts'

/** Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Once the app is ready. */
export function servePage(files: PageFiles): void {
  protocol.handle('app', (request) => answerPage(files, request))
}
