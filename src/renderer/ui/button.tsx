// A button a glove can press: 15 mm high, with the key that does the same.
import type { ReactNode } from 'react'
import styles from './button.module.css'

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  /** The key that does the same, shown on the button. */
  readonly keyHint?: string
  readonly kind?: 'plain' | 'main' | 'danger' | 'quiet'
  readonly isDisabled?: boolean
  readonly isPressed?: boolean
  readonly isCurrent?: boolean
  readonly label?: string
}

export function Button({ children, onPress, keyHint, kind = 'plain', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={styles['button']}
      data-kind={kind}
      disabled={rest.isDisabled}
      aria-pressed={rest.isPressed}
      aria-current={rest.isCurrent ? 'page' : undefined}
      aria-label={rest.label}
      aria-keyshortcuts={keyHint}
      onClick={onPress}
    >
      {keyHint !== undefined && <kbd className={styles['key']}>{keyHint}</kbd>}
      {children}
    </button>
  )
}
