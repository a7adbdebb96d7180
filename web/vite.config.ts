import { defineConfig } from "vite";

// The server's policy allows no inline script or style and nothing from other hosts, so whatever the
// build emits must be a file of its own: no modulepreload polyfill, no inlined assets.
export default defineConfig({
  base: "/",
  build: {
    target: "es2022",
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  css: {
    preprocessorOptions: {
      // Bootstrap 5.3 is still written with @import.
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions"] },
    },
  },
  server: {
    proxy: { "/api": "http://127.0.0.1:8080", "/healthz": "http://127.0.0.1:8080" },
    // Tests hold the page against the server's own lists.
    fs: { allow: [".."] },
  },
});
