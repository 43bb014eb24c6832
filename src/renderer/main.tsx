// Entry of the page: opens the link, mirrors the bench, draws the application.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { openLink } from './station/link.ts'
import { mirrorBench } from './station/mirror.ts'
import './theme/base.css'

const root = document.getElementById('root')
if (root !== null) {
  const link = openLink()
  createRoot(root).render(
    <StrictMode>
      <App link={link} mirror={mirrorBench(link)} />
    </StrictMode>,
  )
}
