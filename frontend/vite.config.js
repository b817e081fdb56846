import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Names without hashes: Django's templates name these files, and `?v=` (dist/build.json) renews them.
const names = {
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  assetFileNames: "[name][extname]",
};

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [iconSprite()],
  worker: { format: "es", rolldownOptions: { output: names } },
  build: {
    outDir: process.env.FIRSTLINE_DIST || "../firstline/console/static/console/dist",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: true,
    modulePreload: false,
    assetsInlineLimit: 0,
    // The map engine is one large module on purpose: it loads only where a map is drawn.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      preserveEntrySignatures: "exports-only", // lazy.js calls the `mount` of charts.js and map.js
      checks: { eval: false, bundlerTimings: false, pluginTimings: false }, // htmx holds one for attributes that our policy and htmx.js switch off
      input: { console: "src/console.js", charts: "src/charts.js", map: "src/map.js" },
      output: names,
    },
  },
});

/** One SVG with the icons that icons.txt names, so that a page loads a few kilobytes instead of six thousand drawings. */
function iconSprite() {
  return {
    name: "firstline-icons",
    generateBundle() {
      const listed = readFileSync("icons.txt", "utf8").split("\n").map((line) => line.trim());
      const symbols = listed.filter((line) => line && !line.startsWith("#")).map(symbol);
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
      });
    },
  };
}

function symbol(line) {
  const [name, style = "outline"] = line.split("/").reverse();
  const svg = readFileSync(`node_modules/@tabler/icons/icons/${style}/${name}.svg`, "utf8");
  const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const drawn = style === "filled"
    ? 'fill="currentColor" stroke="none"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${drawn}>${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}
