import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

import { engineWasm } from "./build/engine-wasm.ts";

// One version for the whole product.
const version = /__version__ = "(.+)"/.exec(readFileSync(new URL("../firstline/__init__.py", import.meta.url), "utf8"))?.[1] ?? "0";

export default defineConfig({
  base: "/phone/",
  publicDir: "public",
  plugins: [vue(), engineWasm(), listForServiceWorker()],
  define: { __VERSION__: JSON.stringify(version), __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
  build: {
    outDir: process.env.FIRSTLINE_DIST || "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the page's policy allows no data: scripts or styles
    chunkSizeWarningLimit: 1400, // the form engine is one large chunk on purpose: it loads when a form is opened
    rolldownOptions: {
      checks: { eval: false, bundlerTimings: false, pluginTimings: false }, // the form engine holds an eval that only runs in Node; the page allows none
      onLog: (level, log, tell) => {
        if (!log.message.includes('"crypto" has been externalized')) tell(level, log); // browsers bring their own
      },
      input: { index: "index.html", sw: "src/sw.ts" },
      output: {
        // The service worker keeps its name: its address is its identity. All else is named by content.
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});

/** Writes into sw.js which files make up this version: what the phone needs before it goes out of reach. */
function listForServiceWorker(): Plugin {
  return {
    name: "firstline-precache",
    enforce: "post",
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/")).sort();
      const stamp = createHash("sha256");
      for (const name of [...files, "index.html"]) {
        const file = bundle[name];
        if (file) stamp.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      const listed = { version: stamp.digest("hex").slice(0, 12), files };
      worker.code = worker.code.replace("self.__PRECACHE__", JSON.stringify(listed));
    },
  };
}
