// Words of what the hands do at a board that needs a button, step by step, and of the picture beside them.

export const handWork = {
  title: 'With your hands',
  pictureOf: (button: string, light: string) => `A board with its buttons ${button} and RESET and its light: ${light}`,
  lights: { yellow: 'blinks yellow', any: 'breathes or blinks again' },
  reset: 'RESET',
  light: 'light',
  usb: 'USB',
  hold: 'HOLD',
  press: 'PRESS ONCE',
  dfu: (button: string) => [
    `Hold ${button} down.`,
    `Press RESET once, short. Keep holding ${button}.`,
    `When the light blinks yellow, let go of ${button}.`,
    'Start again: F5.',
  ],
  silent: (button: string) => [
    'Press RESET once, short.',
    'Start again: F5.',
    `Silent again? Hold ${button}, press RESET once, let go of ${button} when the light blinks yellow, start again.`,
  ],
  resetOnce: ['Press RESET once, short.', 'Wait until the light breathes or blinks again.', 'Start again: F5.'],
  device: [
    'Bring the device into its bootloader by hand, as its maker says: a button, a jumper, a key held while it is plugged in.',
    'Leave it in this socket.',
    'Start again: F5.',
  ],
  module: 'On a module the buttons sit on the board that carries it.',
} as const
