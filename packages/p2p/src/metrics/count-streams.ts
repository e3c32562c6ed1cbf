import type { Metrics, MultiaddrConnection, Stream } from "@libp2p/interface";
import type { Traffic } from "./traffic.ts";

/** Name under which the bytes of sockets are counted, including those of Noise and Yamux. */
export const SOCKETS = "sockets";

/**
 * Creates the component by which libp2p shows every socket and every stream whose protocol is
 * negotiated. Their bytes are counted, for whatever protocol of libp2p or of this package.
 * `peerOf` returns the peer at the other end of a stream.
 */
export function countingMetrics(options: {
  readonly traffic: Traffic;
  readonly peerOf: (stream: Stream) => string | undefined;
}): Metrics {
  const { traffic, peerOf } = options;
  return {
    trackMultiaddrConnection: (socket) =>
      count(socket, (direction, bytes) => traffic.bytes(undefined, SOCKETS, direction, bytes)),
    trackProtocolStream(stream) {
      const peer = peerOf(stream);
      const { protocol } = stream;
      count(stream, (direction, bytes) => traffic.bytes(peer, protocol, direction, bytes));
    },
    ...nothingRegistered(),
  };
}

/**
 * Counts the bytes of a stream. The methods are wrapped: with a listener for its messages, bytes
 * that come before its reader listens would be lost.
 */
function count(
  stream: Stream | MultiaddrConnection,
  add: (direction: "in" | "out", bytes: number) => void,
): void {
  const send = stream.send.bind(stream);
  stream.send = (data) => {
    add("out", data.byteLength);
    return send(data);
  };
  const onData: unknown = Reflect.get(stream, "onData");
  if (typeof onData !== "function") return;
  add("in", stream.readBufferLength);
  Reflect.set(stream, "onData", (data: { readonly byteLength: number }) => {
    add("in", data.byteLength);
    Reflect.apply(onData, stream, [data]);
  });
}

/** Metrics that other parts of libp2p register. None of them is kept. */
function nothingRegistered(): Omit<Metrics, "trackMultiaddrConnection" | "trackProtocolStream"> {
  const none = (): undefined => undefined;
  const stop = () => none;
  const metric = { update: none, increment: none, decrement: none, reset: none, timer: stop };
  const histogram = { observe: none, reset: none, timer: stop };
  const register = () => metric;
  const registerHistogram = () => histogram;
  return {
    registerMetric: register,
    registerMetricGroup: register,
    registerCounter: register,
    registerCounterGroup: register,
    registerHistogram,
    registerHistogramGroup: registerHistogram,
    registerSummary: registerHistogram,
    registerSummaryGroup: registerHistogram,
    traceFunction: <Run extends (...values: never) => unknown>(_name: string, run: Run) => run,
    createTrace: none,
  };
}
