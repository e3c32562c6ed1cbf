import { P2pError } from "../errors.ts";

const PREFIX_BYTES = 4;
const KEEP_BYTES = 65_536;

/** Encodes a frame: its length in 4 bytes, big-endian, then its bytes. */
export function encodeFrame(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(PREFIX_BYTES + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length);
  frame.set(bytes, PREFIX_BYTES);
  return frame;
}

/** Reader that cuts a stream of bytes into frames. */
export interface FrameReader {
  /**
   * Returns copies of the frames that `chunk` completed. @throws P2pError `OVERSIZE` as soon as a
   * length prefix is above the bound
   */
  push(chunk: Uint8Array | Iterable<Uint8Array>): readonly Uint8Array[];
}

/**
 * Creates a reader of frames of at most `bytesMax` bytes. It uses at most twice as much memory as
 * bytes have arrived, whatever length a peer claims (B22, B23). It keeps no chunks, so a frame that
 * arrives byte by byte costs its size and not an object for each byte.
 */
export function createFrameReader(bytesMax: number): FrameReader {
  let buffer = new Uint8Array(0);
  let used = 0;

  function append(piece: Uint8Array): void {
    const needed = used + piece.length;
    if (needed > buffer.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * buffer.length));
      grown.set(buffer.subarray(0, used));
      buffer = grown;
    }
    buffer.set(piece, used);
    used = needed;
  }

  function cut(): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    const view = new DataView(buffer.buffer);
    let at = 0;
    while (used - at >= PREFIX_BYTES) {
      const bytes = view.getUint32(at);
      if (bytes > bytesMax) throw new P2pError({ code: "OVERSIZE", bytes, bytesMax });
      const end = at + PREFIX_BYTES + bytes;
      if (end > used) break;
      frames.push(buffer.slice(at + PREFIX_BYTES, end));
      at = end;
    }
    if (at > 0) buffer.copyWithin(0, at, used);
    used -= at;
    if (used === 0 && buffer.length > KEEP_BYTES) buffer = new Uint8Array(0);
    return frames;
  }

  return {
    push(chunk) {
      const pieces = chunk instanceof Uint8Array ? [chunk] : chunk;
      for (const piece of pieces) append(piece);
      return cut();
    },
  };
}
