import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/kernel/**', 'test/hardware/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many files wait for processes of their own: two at a time, also where Vitest would leave one of two cores idle.
    maxWorkers: 2,
  },
})
