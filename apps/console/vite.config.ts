import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { chunks } from './build/chunks';
import { precompress } from './build/precompress';
import { usedStyles } from './build/used-styles';

/** The running server that the development server passes API requests on to. */
const server = process.env.VESTIBULE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), usedStyles(), precompress()],
  build: {
    target: 'es2022',
    // The policy of the pages forbids inline modules, and small images are few.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api/', '/access/', '/.well-known', '/healthz', '/readyz'].map((path) => [path, server]),
    ),
  },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
} as Parameters<typeof defineConfig>[0]);
