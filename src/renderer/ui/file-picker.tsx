// A button that opens the system's file or folder chooser.
import { useRef } from 'react'
import { Button } from './button.tsx'

interface FilePickerProps {
  readonly label: string
  readonly onPick: (files: readonly File[]) => void
  readonly accept?: string
  readonly isFolder?: boolean
  readonly isDisabled?: boolean
}

export function FilePicker({ label, onPick, accept, isFolder = false, isDisabled = false }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={(element) => {
          input.current = element
          if (element !== null) element.webkitdirectory = isFolder
        }}
        type="file"
        hidden
        multiple
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // The same file may be chosen again after it was mended.
          event.target.value = ''
          if (files.length > 0) onPick(files)
        }}
      />
      <Button isDisabled={isDisabled} onPress={() => input.current?.click()}>
        {label}
      </Button>
    </>
  )
}
