// The application on a fake station, for screenshots: the address says how many slots and which scene.
import { createRoot } from 'react-dom/client'
import { App } from '../../../src/renderer/app.tsx'
import { mirrorBench } from '../../../src/renderer/station/mirror.ts'
import '../../../src/renderer/theme/base.css'
import { fakeLink } from '../fake-link.ts'
import { sceneOf } from './scenes.ts'

const wish = new URLSearchParams(window.location.search)
const scene = sceneOf(wish.get('scene') ?? 'mixed', Number(wish.get('slots') ?? '8'))
const link = fakeLink({ answers: scene.answers, firstFrame: () => scene.frame })
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App link={link} mirror={mirrorBench(link)} />)
if (wish.has('lost')) link.setConnection('lost')
