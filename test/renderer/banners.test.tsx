// @vitest-environment happy-dom
// What is unusual about the station as a whole is said above every screen.
import { screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { stationView } from './samples.ts'
import { clearStage, stageApp } from './stage-app.tsx'

afterEach(clearStage)

it('a quirk file that is not in force is told, with its line', () => {
  const quirkWarning = 'The quirk file of this station cannot be read: devices.quirk, line 2: gd32'
  stageApp({ slots: [], station: stationView({ quirkWarning }) })
  expect(screen.getByRole('alert').textContent).toContain(quirkWarning)
})
