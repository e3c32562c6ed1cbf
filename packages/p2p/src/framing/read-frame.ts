import type { Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { createFrameReader } from "./frames.ts";
import { watchStream } from "./watch-stream.ts";

/** Options of reading one frame. */
export interface ReadFrameOptions {
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  /**
   * Called with the number of bytes that have arrived. If it returns false, reading stops.
   * Undefined: nothing is called.
   */
  readonly onBytes?: (count: number) => boolean;
}

/**
 * Reads the first frame of a stream. The caller closes the stream. @throws P2pError `OVERSIZE`, or
 * `CUT_OFF` if the stream ends or `signal` aborts before the frame is complete
 */
export function readFrame(stream: Stream, options: ReadFrameOptions): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const reader = createFrameReader(options.bytesMax);
  const cutOff = (reason: string, cause?: unknown) =>
    reject(new P2pError({ code: "CUT_OFF", reason }, { cause }));
  const stop = watchStream(stream, options.signal, {
    onData(data) {
      try {
        if (options.onBytes?.(data.byteLength) === false) return cutOff("more than may wait");
        const frame = reader.push(data)[0];
        if (frame !== undefined) resolve(frame);
      } catch (error) {
        reject(error);
      }
    },
    onCutOff: cutOff,
  });
  const frame = promise.finally(stop);
  // Callers write before they wait for the answer, and a peer may close the stream under that
  // write: nobody would wait then, and an unhandled rejection ends the process.
  frame.catch(() => undefined);
  return frame;
}
