import type { Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { createFrameReader } from "./frames.ts";
import { watchStream } from "./watch-stream.ts";

/** Frames of a stream, in their order. */
export interface FrameQueue {
  /**
   * Resolves with the next frame. One call at a time. @throws P2pError `OVERSIZE`, or `CUT_OFF` if
   * the stream ends or the signal aborts before the frame is complete
   */
  next(): Promise<Uint8Array>;
  /** Stops reading. */
  stop(): void;
}

/**
 * Reads up to `framesMax` frames of a stream, each of at most `bytesMax` bytes. A peer that sends
 * more than that makes `next` reject. The caller closes the stream.
 */
export function queueFrames(
  stream: Stream,
  options: {
    readonly bytesMax: number;
    readonly framesMax: number;
    readonly signal: AbortSignal;
  },
): FrameQueue {
  const { bytesMax, framesMax, signal } = options;
  const reader = createFrameReader(bytesMax);
  const frames: Uint8Array[] = [];
  let count = 0;
  let end: P2pError | undefined;
  let wake: () => void = () => undefined;

  function finish(error: P2pError): void {
    end ??= error;
    wake();
  }
  const cutOff = (reason: string, cause?: unknown) =>
    finish(new P2pError({ code: "CUT_OFF", reason }, { cause }));
  const unwatch = watchStream(stream, signal, {
    onData(data) {
      try {
        for (const frame of reader.push(data)) {
          count += 1;
          if (count > framesMax) return cutOff("more frames than may come");
          frames.push(frame);
        }
        wake();
      } catch (error) {
        if (error instanceof P2pError) finish(error);
        else cutOff("unreadable", error);
      }
    },
    onCutOff: cutOff,
  });

  return {
    async next() {
      for (;;) {
        const frame = frames.shift();
        if (frame !== undefined) return frame;
        if (end !== undefined) throw end;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    },
    stop() {
      unwatch();
      cutOff("stopped");
    },
  };
}
