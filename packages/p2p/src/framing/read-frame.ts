import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { createFrameReader } from "./frames.ts";

/**
 * Reads the first frame of a stream. The caller closes the stream. @throws P2pError `OVERSIZE`, or
 * `CUT_OFF` if the stream ends or `signal` aborts before the frame is complete
 */
export function readFrame(
  stream: Stream,
  options: {
    readonly bytesMax: number;
    readonly signal: AbortSignal;
    /**
     * Called with the number of bytes that have arrived. If it returns false, reading stops.
     * Undefined: nothing is called.
     */
    readonly onBytes?: (count: number) => boolean;
  },
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const reader = createFrameReader(options.bytesMax);
  const cutOff = (reason: string, cause?: unknown) =>
    reject(new P2pError({ code: "CUT_OFF", reason }, { cause }));
  const onMessage = (event: StreamMessageEvent) => {
    try {
      if (options.onBytes?.(event.data.byteLength) === false) return cutOff("more than may wait");
      const frame = reader.push(event.data)[0];
      if (frame !== undefined) resolve(frame);
    } catch (error) {
      reject(error);
    }
  };
  const onClose = (event: StreamCloseEvent) => cutOff("closed by the peer", event.error);
  const onEnd = () => cutOff("ended by the peer");
  const onAbort = () => cutOff("timed out");

  stream.addEventListener("message", onMessage);
  stream.addEventListener("close", onClose);
  stream.addEventListener("end", onEnd);
  options.signal.addEventListener("abort", onAbort);
  if (options.signal.aborted) onAbort();
  else if (stream.readableEnded) onEnd();
  else if (stream.status !== "open" && stream.readBufferLength === 0) cutOff("closed by the peer");
  const frame = promise.finally(() => {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("close", onClose);
    stream.removeEventListener("end", onEnd);
    options.signal.removeEventListener("abort", onAbort);
  });
  // Callers write before they wait for the answer, and a peer may close the stream under that
  // write: nobody would wait then, and an unhandled rejection ends the process.
  frame.catch(() => undefined);
  return frame;
}
