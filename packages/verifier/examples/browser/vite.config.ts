import { defineConfig } from "vite";

/** The headers that the README names. */
export const headers: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:",
};

// Vite's own server adds scripts and styles to a page while one works on it, so it cannot have the policy.
const { "Content-Security-Policy": _policy, ...isolation } = headers;

export default defineConfig({
  worker: { format: "es" },
  server: { headers: isolation },
  preview: { headers },
});
