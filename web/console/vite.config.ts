import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env['SHOPWRIGHT_URL'] ?? 'http://localhost:8000'
const api = Object.fromEntries(
  ['/v1', '/admin', '/health', '/icons', '/chat', '/widget', '/openapi.json'].map((path) => [path, { target: server, changeOrigin: true }]),
)

export default defineConfig({
  // The server puts a fresh value in place of this one with every page.
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [react(), tailwind()],
  server: { proxy: api },
  build: {
    outDir: '../../src/shopwright/web/console',
    emptyOutDir: true,
    // No data: addresses: they would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 400,
    manifest: true,
  },
})
