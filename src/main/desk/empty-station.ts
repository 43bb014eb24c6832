// A station before anything is known of it: what the mirror begins with.
import type { StationView } from '../../shared/model/slot.ts'
import { softwareVersion } from '../software-version.ts'

export const emptyStation: StationView = {
  stationId: '',
  softwareVersion,
  recipeName: null,
  recipeWarning: null,
  quirkWarning: null,
  focus: null,
  isSimulated: false,
  autoStart: true,
  operator: null,
  strayPorts: [],
  learningSlot: null,
  usb: { up: true },
  tally: { pass: 0, fail: 0, error: 0 },
  closedAtStart: 0,
}
