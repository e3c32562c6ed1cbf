import type { Stream } from "@libp2p/interface";

type Chunk = Awaited<ReturnType<ReturnType<Stream[typeof Symbol.asyncIterator]>["next"]>>["value"];

/** Most bytes that are handed to the reader before it is asked again whether it may have more. */
const SLICE_BYTES = 4_096;

/**
 * Members that `pipe` of libp2p looks for. With them it would listen to the stream itself, instead
 * of iterating.
 */
const HIDDEN: ReadonlySet<string | symbol> = new Set(["addEventListener", "send", "push"]);

/**
 * Returns a view of a stream whose bytes are read only as fast as `ready` resolves: it is awaited
 * before each slice, with the slice's length. While it is pending the stream is paused, so that the
 * sender's window closes and its own queue grows. The iterator of libp2p 3.3 reads without end into
 * an unbounded queue instead, however slow its reader is.
 */
export function pacedStream(stream: Stream, ready: (bytes: number) => Promise<void>): Stream {
  return new Proxy(stream, {
    get(target, key) {
      if (key === Symbol.asyncIterator) return () => slices(target, ready);
      if (HIDDEN.has(key)) return undefined;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

async function* slices(
  stream: Stream,
  ready: (bytes: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const arrived: Chunk[] = [];
  let hasEnded = false;
  let wake = (): void => undefined;
  const onMessage = ({ data }: { readonly data: Chunk }): void => {
    arrived.push(data);
    pause(stream);
    wake();
  };
  const onEnd = (): void => {
    hasEnded = true;
    wake();
  };
  stream.addEventListener("message", onMessage);
  stream.addEventListener("close", onEnd);
  stream.addEventListener("end", onEnd);
  try {
    for (;;) {
      const chunk = arrived.shift();
      if (chunk !== undefined) yield* cut(chunk, ready);
      else if (hasEnded || stream.readableEnded || stream.status === "aborted") return;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        resume(stream);
        await promise;
      }
    }
  } finally {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("close", onEnd);
    stream.removeEventListener("end", onEnd);
  }
}

async function* cut(
  chunk: Chunk,
  ready: (bytes: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const bytes = chunk instanceof Uint8Array ? chunk : chunk.subarray();
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    const slice = bytes.subarray(at, at + SLICE_BYTES);
    await ready(slice.length);
    yield slice;
  }
}

function pause(stream: Stream): void {
  try {
    stream.pause();
  } catch {
    // It is closing, so nothing more comes.
  }
}

function resume(stream: Stream): void {
  try {
    stream.resume();
  } catch {
    // It is closing. The event of that ends the reading.
  }
}
