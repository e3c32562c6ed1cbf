import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { createFrameReader } from "./frames.ts";

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
  const onMessage = (event: StreamMessageEvent) => {
    try {
      for (const frame of reader.push(event.data)) {
        count += 1;
        if (count > framesMax) return cutOff("more frames than may come");
        frames.push(frame);
      }
      wake();
    } catch (error) {
      if (error instanceof P2pError) finish(error);
      else cutOff("unreadable", error);
    }
  };
  const onClose = (event: StreamCloseEvent) => cutOff("closed by the peer", event.error);
  const onEnd = () => cutOff("ended by the peer");
  const onAbort = () => cutOff("timed out");

  stream.addEventListener("message", onMessage);
  stream.addEventListener("close", onClose);
  stream.addEventListener("end", onEnd);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  else if (stream.readableEnded) onEnd();
  else if (stream.status !== "open" && stream.readBufferLength === 0) cutOff("closed by the peer");

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
      stream.removeEventListener("message", onMessage);
      stream.removeEventListener("close", onClose);
      stream.removeEventListener("end", onEnd);
      signal.removeEventListener("abort", onAbort);
      cutOff("stopped");
    },
  };
}
