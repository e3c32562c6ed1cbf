/**
 * Settles like `work`, but rejects when the signal aborts. The application may take forever to
 * answer, but the stream of the request must not stay open for that.
 */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(new Error("timed out"));
  signal.addEventListener("abort", onAbort, { once: true });
  // A signal that has aborted fires no more, and the place would stay taken for ever.
  if (signal.aborted) onAbort();
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}
