import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Built into dist/console, which the gateway serves at `/`. In development it stands beside a gateway on port 8080. */

const GATEWAY = process.env['PASSERELLE_URL'] ?? 'http://127.0.0.1:8080';
const TEXT = /\.(html|js|css|svg|webmanifest)$/;

/** Beside each text its compressed forms: the gateway hands them over as they are. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const [fileName, file] of Object.entries(bundle)) {
      if (!TEXT.test(fileName)) continue;
      const text = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
      this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(text, { level: 9 }) });
      this.emitFile({
        type: 'asset',
        fileName: `${fileName}.br`,
        source: brotliCompressSync(text, quality),
      });
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
