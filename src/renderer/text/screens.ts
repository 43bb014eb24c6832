// Names of the screens and words that several of them use.

export const screens = {
  navigation: 'Screens',
  help: 'Help',
  bench: 'Bench',
  history: 'History',
  firmware: 'Firmware',
  settings: 'Settings',
  back: 'Back',
} as const
