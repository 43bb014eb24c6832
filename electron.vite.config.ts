// How the desktop form is built: two entries of the main side (the shell, and the USB process that it forks), one
// preload script, the screens. Native modules stay outside; everything else goes into the bundles.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { callNames, feedNames } from './src/shared/contract/contract.ts'

const natives = ['better-sqlite3', 'usb']

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      rollupOptions: {
        input: {
          shell: 'src/main/shell/main.ts',
          'station-host': 'src/main/host/station-host.ts',
        },
        external: natives,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    // A sandboxed preload is one CommonJS file and can load no package: it gets the names of the contract, not the
    // contract.
    define: {
      __STATION_CALLS__: JSON.stringify(callNames),
      __STATION_FEEDS__: JSON.stringify(feedNames),
    },
    build: {
      externalizeDeps: false,
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: 'src/main/shell/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      rollupOptions: { input: 'src/renderer/index.html' },
    },
  },
})
