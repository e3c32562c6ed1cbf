/**
 * Members of a Web Worker that this package uses. They are declared here because a whole browser
 * library in scope would hide mistakes in code that also runs in Node. The handlers are `unknown`
 * so that the browser's own type fits.
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
