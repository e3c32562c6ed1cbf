import { type AccountId, type Digest, equalBytes, type Signer } from "@aethel/models";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import type { RefusalReason } from "../events.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import type { PeerLimits } from "../limits.ts";
import type { PeerTransportOptions } from "../peer-transport.ts";
import type { Directory } from "../peers/directory.ts";
import {
  claimOf,
  createHello,
  findHelloDefect,
  Hello,
  type HelloParties,
  type SignedClaim,
} from "../peers/hello.ts";
import { HANDSHAKE_PROTOCOL } from "../protocols.ts";

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
    }
  | { readonly type: "refused"; readonly reason: RefusalReason }
  | { readonly type: "lost" };

/** Creates a `Handshake`. */
export function createHandshake(options: {
  readonly libp2p: Libp2p;
  readonly genesis: Digest;
  readonly instance: Uint8Array;
  readonly validator: PeerTransportOptions["validator"];
  readonly directory: Directory;
  readonly limits: PeerLimits;
}): Handshake {
  const { libp2p, genesis, instance, validator, directory, limits } = options;
  const own = libp2p.peerId.toMultihash().bytes;

  function ownHello(connection: Connection): Uint8Array {
    const parties = { sender: own, receiver: peerBytes(connection) };
    return Hello.encode(createHello({ genesis, instance, validator: ownClaim(), parties }));
  }

  /**
   * Returns this node's validator id, and the signer whose key the validator set names for it. If
   * the set names none of the node's keys, the signer is `signer`. Undefined on a node that is no
   * validator.
   */
  function ownClaim(): { readonly id: AccountId; readonly signer: Signer } | undefined {
    if (validator === undefined) return undefined;
    const { id, signer, signers = [] } = validator;
    const key = directory.keyOf(id);
    const named =
      key === undefined ? undefined : signers.find((one) => equalBytes(one.publicKey, key));
    return { id, signer: named ?? signer };
  }

  function checkHello(bytes: Uint8Array, connection: Connection): HandshakeResult {
    const hello = decodeHello(bytes);
    if (hello === undefined) return { type: "refused", reason: "not-aethel" };
    const parties: HelloParties = { sender: peerBytes(connection), receiver: own };
    const claim = claimOf(hello, { genesis, parties });
    const reason = findHelloDefect(hello, { genesis, claim, names: directory.names });
    return reason === undefined ? { type: "accepted", hello, claim } : { type: "refused", reason };
  }

  function read(stream: Stream, signal: AbortSignal): Promise<Uint8Array> {
    return readFrame(stream, { bytesMax: Hello.maxBytes, signal });
  }

  async function initiate(connection: Connection): Promise<HandshakeResult> {
    const signal = AbortSignal.timeout(limits.handshakeTimeoutMs);
    try {
      const stream = await connection.newStream(HANDSHAKE_PROTOCOL, { signal });
      const answer = read(stream, signal);
      stream.send(encodeFrame(ownHello(connection)));
      const result = checkHello(await answer, connection);
      await closeQuietly(stream, signal);
      return result;
    } catch (error) {
      return resultOf(error, connection);
    }
  }

  async function respond(stream: Stream, connection: Connection): Promise<HandshakeResult> {
    const signal = AbortSignal.timeout(limits.handshakeTimeoutMs);
    try {
      const bytes = await read(stream, signal);
      // We answer every hello: the other side must learn why it is refused.
      stream.send(encodeFrame(ownHello(connection)));
      const result = checkHello(bytes, connection);
      await closeQuietly(stream, signal);
      return result;
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      return resultOf(error, connection);
    }
  }

  return { initiate, respond };
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

function decodeHello(bytes: Uint8Array): Hello | undefined {
  try {
    return Hello.decode(bytes);
  } catch {
    return undefined;
  }
}
