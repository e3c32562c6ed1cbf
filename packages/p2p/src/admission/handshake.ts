import {
  type AccountId,
  type Digest,
  equalBytes,
  type Sequence,
  type Signer,
} from "@aethel/models";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import type { RefusalReason, ToldReason } from "../events.ts";
import { encodeFrame } from "../framing/frames.ts";
import { type FrameQueue, queueFrames } from "../framing/queue-frames.ts";
import type { PeerLimits } from "../limits.ts";
import type { PeerTransportOptions } from "../peer-transport.ts";
import type { Directory } from "../peers/directory.ts";
import { createHello, Hello, type SignedClaim } from "../peers/hello.ts";
import { codeOf, HelloAnswer, Objection, reasonOf } from "../peers/verdict.ts";
import type { PeerRole, PeerVersions } from "../peers/versions.ts";
import { HANDSHAKE_PROTOCOL } from "../protocols.ts";
import { checkHello } from "./check-hello.ts";

/** Handshake of a new connection: both sides exchange hello messages before any other message. */
export interface Handshake {
  /** Performs the handshake with a peer that this node dialed. */
  initiate(connection: Connection): Promise<HandshakeResult>;
  /** Performs the handshake with a peer that dialed this node. */
  respond(stream: Stream, connection: Connection): Promise<HandshakeResult>;
}

/** Result of a handshake. `lost`: the connection broke, which counts against nobody. */
export type HandshakeResult =
  | {
      readonly type: "accepted";
      readonly hello: Hello;
      readonly claim: SignedClaim | undefined;
      /**
       * Resolves with the reason for which the peer refuses this node after all. Undefined when it
       * does not. Settles within the time for a handshake.
       */
      readonly objection: Promise<ToldReason | undefined>;
    }
  | {
      readonly type: "refused";
      readonly reason: RefusalReason;
      /** Facts about the reason in words. */
      readonly detail?: string;
    }
  /** The peer refused this node and told why. */
  | { readonly type: "refused-by"; readonly reason: ToldReason }
  | { readonly type: "lost" };

/** Facts about this node that its hello states, and the checks of a peer's hello. */
export interface HandshakeOptions {
  readonly libp2p: Libp2p;
  readonly genesis: Digest;
  readonly instance: Uint8Array;
  readonly validator: PeerTransportOptions["validator"];
  readonly versions: PeerVersions;
  readonly role: PeerRole;
  readonly directory: Directory;
  readonly limits: PeerLimits;
  /** Returns the last final sequence of this node. */
  head(): Sequence;
  /**
   * Returns the reason for which a peer with a valid hello may not connect. Undefined if it may.
   * The peer is told.
   */
  decide(connection: Connection, claim: SignedClaim | undefined): RefusalReason | undefined;
}

/** Creates a `Handshake`. */
export function createHandshake(options: HandshakeOptions): Handshake {
  const { libp2p, genesis, instance, versions, role, limits } = options;
  const own = libp2p.peerId.toMultihash().bytes;

  function ownHello(connection: Connection): Uint8Array {
    const parties = { sender: own, receiver: peerBytes(connection) };
    const validator = ownClaim(options);
    const head = options.head();
    return Hello.encode(
      createHello({ genesis, instance, validator, parties, versions, role, head }),
    );
  }

  function check(bytes: Uint8Array, connection: Connection): ReturnType<typeof checkHello> {
    const parties = { sender: peerBytes(connection), receiver: own };
    const checked = checkHello(bytes, { ...options, parties });
    if (checked.type === "refused") return checked;
    const reason = options.decide(connection, checked.claim);
    return reason === undefined ? checked : { type: "refused", reason };
  }

  async function initiate(connection: Connection): Promise<HandshakeResult> {
    const signal = AbortSignal.timeout(limits.handshakeTimeoutMs);
    try {
      const stream = await connection.newStream(HANDSHAKE_PROTOCOL, {
        signal,
        runOnLimitedConnection: true,
      });
      const frames = queueFrames(stream, { ...ONE, bytesMax: HelloAnswer.maxBytes, signal });
      stream.send(encodeFrame(ownHello(connection)));
      const answer = decodeAnswer(await frames.next());
      frames.stop();
      const result =
        answer === undefined
          ? ({ type: "refused", reason: "not-aethel" } as const)
          : check(answer.hello, connection);
      const told = reasonOf(answer?.verdict ?? 0);
      // A peer that refuses as well reads nothing more.
      if (result.type === "refused" && told === undefined) object(stream, result.reason);
      await closeQuietly(stream, signal);
      // This node's own reason has more facts than the one that it was told.
      if (result.type === "refused") return result;
      if (told !== undefined) return { type: "refused-by", reason: told };
      return { ...result, objection: Promise.resolve(undefined) };
    } catch (error) {
      return resultOf(error, connection);
    }
  }

  async function respond(stream: Stream, connection: Connection): Promise<HandshakeResult> {
    const signal = AbortSignal.timeout(limits.handshakeTimeoutMs);
    try {
      const bytesMax = Hello.maxBytes;
      const frames = queueFrames(stream, { bytesMax, framesMax: 2, signal });
      const result = check(await frames.next(), connection);
      const verdict = codeOf(result.type === "refused" ? result.reason : undefined);
      // We answer every hello: the other side must learn why it is refused.
      stream.send(encodeFrame(HelloAnswer.encode({ verdict, hello: ownHello(connection) })));
      if (result.type === "accepted") {
        return { ...result, objection: readObjection(frames, stream, signal) };
      }
      frames.stop();
      await closeQuietly(stream, signal);
      return result;
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      return resultOf(error, connection);
    }
  }

  return { initiate, respond };
}

const ONE = { framesMax: 1 };

/** Tells the listener why this node refuses it, if the listener still reads. */
function object(stream: Stream, reason: RefusalReason): void {
  try {
    stream.send(encodeFrame(Objection.encode({ verdict: codeOf(reason) })));
  } catch {
    // The listener has closed the stream, and reads the reason nowhere.
  }
}

/** Reads what the dialer objects to this node's hello. A dialer that accepts it closes the stream. */
async function readObjection(
  frames: FrameQueue,
  stream: Stream,
  signal: AbortSignal,
): Promise<ToldReason | undefined> {
  try {
    return reasonOf(Objection.decode(await frames.next()).verdict);
  } catch {
    return undefined;
  } finally {
    frames.stop();
    void closeQuietly(stream, signal);
  }
}

/**
 * Returns this node's validator id, and the signer whose key the validator set names for it. If the
 * set names none of the node's keys, the signer is `signer`. Undefined on a node that is no
 * validator.
 */
function ownClaim({
  validator,
  directory,
}: Pick<HandshakeOptions, "validator" | "directory">):
  | { readonly id: AccountId; readonly signer: Signer }
  | undefined {
  if (validator === undefined) return undefined;
  const { id, signer, signers = [] } = validator;
  const key = directory.keyOf(id);
  const named =
    key === undefined ? undefined : signers.find((one) => equalBytes(one.publicKey, key));
  return { id, signer: named ?? signer };
}

/**
 * Closes a stream. Ignores errors, because the result of the handshake is valid even if the other
 * side is gone.
 */
async function closeQuietly(stream: Stream, signal: AbortSignal): Promise<void> {
  await stream.close({ signal }).catch(() => undefined);
}

function resultOf(error: unknown, connection: Connection): HandshakeResult {
  const unsupported = error instanceof Error && error.name === "UnsupportedProtocolError";
  if (unsupported || connection.status === "open") return { type: "refused", reason: "not-aethel" };
  return { type: "lost" };
}

function peerBytes(connection: Connection): Uint8Array {
  return connection.remotePeer.toMultihash().bytes;
}

function decodeAnswer(bytes: Uint8Array): ReturnType<typeof HelloAnswer.decode> | undefined {
  try {
    return HelloAnswer.decode(bytes);
  } catch {
    return undefined;
  }
}
