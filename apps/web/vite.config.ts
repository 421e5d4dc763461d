import vue from "@vitejs/plugin-vue";
import components from "unplugin-vue-components/vite";
import { ArcoResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vite";

/** Where `vite dev` finds a running platform. */
const PLATFORM_URL = process.env["GRIDLAKE_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    vue(),
    components({
      dts: "generated/components.d.ts",
      // our own components are imported by name; only Arco's are found by their tag
      dirs: [],
      resolvers: [ArcoResolver({ importStyle: "css" })],
    }),
  ],
  define: {
    __VUE_I18N_LEGACY_API__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
  },
  build: {
    outDir: "dist",
    target: "baseline-widely-available",
    // a data: URL would need its own hole in the content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, proxy: { "/api": { target: PLATFORM_URL, changeOrigin: false } } },
});
