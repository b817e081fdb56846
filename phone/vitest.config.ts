import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  define: { __VERSION__: '"0.0.0-test"' },
  test: {
    include: ["tests/**/*.test.ts"], environment: "node", pool: "threads", maxWorkers: 2, testTimeout: 20_000,
    server: { deps: { inline: [/@getodk/] } }, // the form engine takes Node for a CommonJS house; Vite runs it
  },
});
