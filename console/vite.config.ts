import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Built into dist/console, which the gateway serves at `/`. In development it stands beside a gateway on port 8080. */

const GATEWAY = process.env['PASSERELLE_URL'] ?? 'http://127.0.0.1:8080';
const TEXT = /\.(html|js|css|svg|webmanifest)$/;

/** Beside each text its compressed forms, of what was written at the very end: the gateway hands them over as they are. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((each) => TEXT.test(each))) {
      const file = join(dir, name);
      const text = readFileSync(file);
      writeFileSync(`${file}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      writeFileSync(`${file}.br`, brotliCompressSync(text, { params }));
    }
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The policy of the page takes no data: of scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // In bytes before compression, which is what counts: test/console/size.test.ts looks at that.
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/fhir', '/api', '/auth', '/readyz'].map((path) => [path, GATEWAY])),
  },
});
