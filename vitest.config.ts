import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': path.join(import.meta.dirname, 'frontend/src') } },
  test: { include: ['frontend/**/*.test.{ts,tsx}'], environment: 'jsdom' },
})
