/** Puts the phone and those who carry it into files that Node runs as they are. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here(".."),
  publicDir: false,
  define: { __VERSION__: '"9.0.0"', "process.env.NODE_ENV": '"production"' },
  ssr: { noExternal: true },
  build: {
    ssr: true, outDir: process.env.FIRSTLINE_DIST || "dist-chaos", emptyOutDir: true, target: "node22", minify: false,
    rolldownOptions: { input: { herd: here("herd.ts"), shift: here("shift.ts") }, output: { entryFileNames: "[name].mjs" } },
  },
});
