/**
 * Members of a Web Worker that this package uses. They are declared here because a whole browser
 * library in scope would hide mistakes in code that also runs in Node. The types of the handlers
 * are `unknown`, so that a browser's `Worker` has this type.
 */
export interface WebWorker {
  onmessage: unknown;
  onerror: unknown;
  onmessageerror: unknown;
  /** Posts a message to the worker. */
  postMessage(message: unknown): void;
  /** Ends the worker at once. */
  terminate(): void;
}

declare const Worker: new (script: URL, options: { readonly type: "module" }) => WebWorker;

/** Starts the Judge's worker, with the exact expression that bundlers recognise. */
export function startWebWorker(): WebWorker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
