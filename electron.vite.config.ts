import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { wireDigest } from './electron/wire-digest.mjs';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/**
 * Each program of the shell is one CommonJS file that requires nothing but Electron and Node: a sandboxed preload can
 * load neither another file nor a module, and main starts without resolving any. Nothing is minified: a line of a
 * crash report can be read.
 */
const shellProgram = (name: 'main' | 'preload') => ({
  define: { __WIRE_DIGEST__: JSON.stringify(wireDigest(root)) },
  build: {
    outDir: path.join(root, 'out', name),
    emptyOutDir: true,
    externalizeDeps: false,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { [name]: path.join(root, 'electron', name, `${name}.ts`) },
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
});

export default defineConfig({
  main: shellProgram('main'),
  preload: shellProgram('preload'),
  renderer: {
    root: path.join(root, 'renderer'),
    // Relative: the same files under app://console, behind the service and in a subfolder.
    base: './',
    plugins: [react()],
    define: { __CONSOLE_VERSION__: JSON.stringify(version) },
    build: {
      outDir: path.join(root, 'out/renderer'),
      emptyOutDir: true,
      target: 'es2022',
      minify: true,
      cssMinify: true,
      // The content security policy allows files of this origin only: nothing is inlined as data but small images.
      assetsInlineLimit: (file: string) => file.endsWith('.svg'),
      modulePreload: { polyfill: false },
      rolldownOptions: { input: path.join(root, 'renderer/index.html') },
    },
  },
});
