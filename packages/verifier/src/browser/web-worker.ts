/**
 * The part of a Web Worker that is used. Declared here because a whole browser library in scope
 * would hide mistakes in code that runs in Node too. The handlers are `unknown` so that the
 * browser's own type, which knows more of their events, fits.
 */
export interface WebWorker {
  onmessage: unknown;
  onerror: unknown;
  onmessageerror: unknown;
  /** Gives the worker a payload, or the solver's code. */
  postMessage(message: unknown): void;
  /** Ends the worker wherever it is. */
  terminate(): void;
}

declare const Worker: new (script: URL, options: { readonly type: "module" }) => WebWorker;

/** Starts the Judge's worker, in the words that bundlers look for. */
export function startWebWorker(): WebWorker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
