/**
 * The part of a Web Worker that is used. Declared here because a whole browser library in scope
 * would hide mistakes in code that runs in Node too.
 */
export interface WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

declare const Worker: new (script: URL, options: { readonly type: "module" }) => WebWorker;

/** Starts the Judge's worker, in the words that bundlers look for. */
export function startWebWorker(): WebWorker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
