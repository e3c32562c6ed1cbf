import type { Connection } from "@libp2p/interface";
import { encodeFrame } from "./frames.ts";
import { type ReadFrameOptions, readFrame } from "./read-frame.ts";

/** Options of an exchange of frames. */
export interface ExchangeOptions extends ReadFrameOptions {
  readonly protocol: string;
  /** Content of the frame to send. */
  readonly frame: Uint8Array;
  /** Allows the exchange over a relayed connection. */
  readonly runOnLimitedConnection?: true;
}

/**
 * Sends a frame on a stream of its own, and returns the frame of the answer. The stream is
 * negotiated optimistically: one round trip. @throws P2pError `OVERSIZE` or `CUT_OFF`, or an error
 * of libp2p if no stream can be opened
 */
export async function exchangeFrames(
  connection: Connection,
  { protocol, frame, runOnLimitedConnection, ...read }: ExchangeOptions,
): Promise<Uint8Array> {
  const { signal } = read;
  const stream = await connection.newStream(protocol, {
    signal,
    negotiateFully: false,
    ...(runOnLimitedConnection === undefined ? {} : { runOnLimitedConnection }),
  });
  try {
    const answer = readFrame(stream, read);
    stream.send(encodeFrame(frame));
    return await answer;
  } finally {
    // An answer that is no longer wanted must not go on taking the line.
    if (signal.aborted) stream.abort(new Error("not wanted any more"));
    else {
      // Nobody waits for the end of the stream.
      stream.close({ signal }).catch((error: unknown) => {
        stream.abort(error instanceof Error ? error : new Error(String(error)));
      });
    }
  }
}
