import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";

/** Handlers of what happens at the reading end of a stream. */
export interface StreamWatcher {
  readonly onData: (data: StreamMessageEvent["data"]) => void;
  /** Called when nothing more comes, because the peer ended or closed it or `signal` aborted. */
  readonly onCutOff: (reason: string, cause?: unknown) => void;
}

/**
 * Watches the reading end of a stream, which may have ended already. Returns a function that ends
 * the watching.
 */
export function watchStream(
  stream: Stream,
  signal: AbortSignal,
  { onData, onCutOff }: StreamWatcher,
): () => void {
  const onMessage = (event: StreamMessageEvent) => onData(event.data);
  const onClose = (event: StreamCloseEvent) => onCutOff("closed by the peer", event.error);
  const onEnd = () => onCutOff("ended by the peer");
  const onAbort = () => onCutOff("timed out");

  stream.addEventListener("message", onMessage);
  stream.addEventListener("close", onClose);
  stream.addEventListener("end", onEnd);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  else if (stream.readableEnded) onEnd();
  else if (stream.status !== "open" && stream.readBufferLength === 0)
    onCutOff("closed by the peer");
  return () => {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("close", onClose);
    stream.removeEventListener("end", onEnd);
    signal.removeEventListener("abort", onAbort);
  };
}
