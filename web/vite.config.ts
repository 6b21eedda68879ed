// How the application is built, and how `npm run dev` reaches a running `fairlead serve`:
// FAIRLEAD_SERVER=http://127.0.0.1:8420 npm run dev
import react from "@vitejs/plugin-react";
import { mantineStyles } from "./mantineStyles";
import { defineConfig } from "vitest/config";

const server = process.env.FAIRLEAD_SERVER ?? "http://127.0.0.1:8420";
const proxied = ["/api", "/oauth", "/webhooks", "/catalogs", "/sign-in/gitlab"];

export default defineConfig({
  plugins: [react(), mantineStyles()],
  build: {
    target: "es2022",
    // No source maps and no inlined files: the policy allows scripts and styles of this host only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      proxied.map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
