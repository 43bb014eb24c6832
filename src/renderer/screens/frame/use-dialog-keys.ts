// The keys of an open dialog: its own ones act, shortcuts of the screens below sleep, and the rest (Tab, Enter, arrows)
// goes to the dialog as ever.
import { useKeys } from './keyboard-context.tsx'

/** Keys as KeyboardEvent.key names them; letters in lower case match both. */
export function useDialogKeys(acts: Readonly<Record<string, () => void>>): void {
  useKeys((key) => {
    const act = acts[key.length === 1 ? key.toLowerCase() : key]
    if (act !== undefined) {
      act()
      return true
    }
    return /^F\d{1,2}$/.test(key) ? true : 'leave'
  }, 'dialog')
}
