// Opens the station on a pack from outside of the window: asks where a person must agree, and says what was refused.
import { app, type BrowserWindow, dialog } from 'electron/main'
import { asFault, describeFault } from '../../shared/fault/fault.ts'
import type { Desk } from '../desk/desk.ts'
import type { PackInbox } from './pack-inbox.ts'
import { type AskedPack, askedPack, linkedPack, linkScheme } from './pack-word.ts'

export interface OpenPacksOptions {
  readonly inbox: PackInbox
  readonly desk: Desk
  readonly window: BrowserWindow
  readonly onRefused: (what: string) => void
}

/** macOS tells of files and links by events, the first ones before the app is ready. */
export function hearOfPacks(inbox: PackInbox): void {
  app.on('open-file', (event, path) => {
    event.preventDefault()
    inbox.put(askedPack([path], '/'))
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    inbox.put(linkedPack(link))
  })
}

/** Installers of Windows register files and no links. */
export function claimLinks(): void {
  if (app.isPackaged && process.platform === 'win32') app.setAsDefaultProtocolClient(linkScheme)
}

export function openPacks({ inbox, desk, window, onRefused }: OpenPacksOptions): void {
  let isBusy = false
  inbox.deliverTo((asked) => {
    // One question at a time: a page full of links must not bury the screen.
    if (isBusy) {
      onRefused('a pack while another is being opened')
      return
    }
    isBusy = true
    void openAsked(asked, { desk, window })
      .catch((thrown: unknown) => {
        const fault = asFault(thrown)
        onRefused(`a pack: ${fault.message}`)
        const { title, remedy } = describeFault(fault)
        return dialog.showMessageBox(window, { type: 'error', message: title, detail: `${remedy}\n\n${fault.detail}` })
      })
      .finally(() => {
        isBusy = false
      })
  })
}

async function openAsked(
  { word, mustAsk }: AskedPack,
  { desk, window }: Pick<OpenPacksOptions, 'desk' | 'window'>,
): Promise<void> {
  if (mustAsk) {
    const { title, instead } = await desk.askAboutPack(word)
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      buttons: ['Keep everything as it is', 'Open the pack'],
      defaultId: 0,
      cancelId: 0,
      message: `Open ${title}?`,
      detail:
        instead === null
          ? 'Boards get the recipe of this pack.'
          : `Boards get "${instead}" now. From the next board on they get the recipe of this pack.`,
    })
    if (response !== 1) return
  }
  await desk.openPack(word)
}
