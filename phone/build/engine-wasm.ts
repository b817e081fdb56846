import type { Plugin } from "vite";

const EMBEDDED = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/g;
const NAMES = ["xpath-grammar", "tree-sitter"];

/**
 * The form engine carries its two WebAssembly parts as data: addresses, which the page's policy does not fetch from.
 * Here they become files of our own: cached like the rest, compiled while they load, and a third smaller.
 */
export function engineWasm(): Plugin {
  return {
    name: "firstline-engine-wasm",
    apply: "build",
    transform(code, id) {
      if (!id.includes("@getodk/xforms-engine/") || !code.includes("data:application/wasm")) return null;
      let found = 0;
      const out = code.replace(EMBEDDED, (_whole, base64: string) => {
        const name = `${NAMES[found++] ?? "engine"}.wasm`;
        const file = this.emitFile({ type: "asset", name, source: Buffer.from(base64, "base64") });
        return `import.meta.ROLLUP_FILE_URL_${file}`;
      });
      return { code: out, map: null };
    },
  };
}
