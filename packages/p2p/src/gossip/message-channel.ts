import { type AccountId, ConsensusMessage } from "@aethel/models";
import type { Connection, Stream } from "@libp2p/interface";
import type { DropReason } from "../events.ts";
import { createFrameReader } from "../framing/frames.ts";
import type { PeerLimits } from "../limits.ts";
import type { Session, Sessions } from "../peers/sessions.ts";

const OPEN_TIMEOUT_MS = 5_000;

/**
 * Channel for direct consensus messages. Two validators have one long-lived stream in each
 * direction.
 */
export interface MessageChannel {
  /** Queues a frame with a message for a peer. Never throws and never waits. */
  send(session: Session, frame: Uint8Array): void;
  /** Handles an inbound stream of a peer. */
  readonly accept: (stream: Stream, connection: Connection) => Promise<void>;
  /** Forgets a connection that closed. */
  forget(connection: Connection): void;
}

/** Stream to one peer, or the frames that wait until it is open. */
type Outbox =
  | { readonly type: "opening"; readonly queue: Uint8Array[]; bytes: number }
  | { readonly type: "open"; readonly stream: Stream };

/** Parts of the transport that the channel uses. */
export interface MessageChannelOptions {
  readonly protocol: string;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  /** Takes a message from a validator that has proven its identity. */
  receive(message: ConsensusMessage, bytes: Uint8Array, from: AccountId): void;
  /** Called with each message that came from a peer, or was sent to it. */
  readonly counted: (peer: string, direction: "in" | "out") => void;
  readonly drop: (session: Session, reason: DropReason) => void;
  /** Counts a violation, and disconnects a peer that has too many. */
  readonly fault: (session: Session, reason: DropReason) => void;
}

/** Creates a `MessageChannel`. */
export function createMessageChannel(options: MessageChannelOptions): MessageChannel {
  const { limits, protocol } = options;
  const outboxes = new Map<string, Outbox>();

  function write(session: Session, stream: Stream, bytes: Uint8Array): void {
    if (stream.writeBufferLength + bytes.length > limits.outboundBytesMax) {
      options.drop(session, "slow-peer");
      return;
    }
    try {
      stream.send(bytes);
      options.counted(session.peer, "out");
    } catch {
      // The stream closed meanwhile: the next message opens another. Messages may be lost.
      outboxes.delete(session.connection.id);
    }
  }

  async function open(session: Session, box: Outbox & { type: "opening" }): Promise<void> {
    const { connection } = session;
    try {
      const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS);
      const stream = await connection.newStream(protocol, {
        signal,
        negotiateFully: false,
        runOnLimitedConnection: true,
      });
      const closed = () => {
        const current = outboxes.get(connection.id);
        if (current?.type === "open" && current.stream === stream) outboxes.delete(connection.id);
      };
      stream.addEventListener("close", closed);
      stream.addEventListener("remoteCloseWrite", () => void stream.close().catch(closed));
      if (outboxes.get(connection.id) !== box) {
        stream.abort(new Error("the connection closed"));
        return;
      }
      outboxes.set(connection.id, { type: "open", stream });
      for (const bytes of box.queue) write(session, stream, bytes);
    } catch {
      if (outboxes.get(connection.id) === box) outboxes.delete(connection.id);
    }
  }

  function send(session: Session, bytes: Uint8Array): void {
    const { id, status } = session.connection;
    if (status !== "open") return;
    const box = outboxes.get(id);
    if (box?.type === "open") {
      write(session, box.stream, bytes);
    } else if (box === undefined) {
      const opening = { type: "opening" as const, queue: [bytes], bytes: bytes.length };
      outboxes.set(id, opening);
      void open(session, opening);
    } else if (box.bytes + bytes.length > limits.outboundBytesMax) {
      options.drop(session, "slow-peer");
    } else {
      box.queue.push(bytes);
      box.bytes += bytes.length;
    }
  }

  return {
    send,
    accept: (stream, connection) => accept(stream, connection, options),
    forget: (connection) => void outboxes.delete(connection.id),
  };
}

/** Reads the messages of a validator from its stream. */
async function accept(
  stream: Stream,
  connection: Connection,
  options: MessageChannelOptions,
): Promise<void> {
  const { sessions, limits } = options;
  const session = await sessions.settled(connection);
  if (session === undefined || sessions.nameOf(session) === undefined) {
    if (session !== undefined) options.drop(session, "not-a-validator");
    stream.abort(new Error("only validators send consensus messages"));
    return;
  }
  const reader = createFrameReader(limits.messageBytesMax);
  stream.addEventListener("message", (event) => {
    let frames: readonly Uint8Array[];
    try {
      frames = reader.push(event.data);
    } catch (error) {
      options.fault(session, "oversize");
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    for (const frame of frames) receive(session, frame, options);
  });
}

function receive(session: Session, frame: Uint8Array, options: MessageChannelOptions): void {
  const { messages, messageBytes } = session.budget;
  options.counted(session.peer, "in");
  if (!messages.take(1) || !messageBytes.take(frame.length)) {
    options.drop(session, "too-fast");
    return;
  }
  // A validator that left the set since its stream opened speaks for nobody.
  const from = options.sessions.nameOf(session);
  if (from === undefined) {
    options.drop(session, "not-a-validator");
    return;
  }
  const message = decodeMessage(frame);
  if (message === undefined) options.fault(session, "malformed");
  else options.receive(message, frame, from);
}

/** Decodes a message. Undefined unless the bytes are its canonical encoding. */
export function decodeMessage(bytes: Uint8Array): ConsensusMessage | undefined {
  try {
    return ConsensusMessage.decode(bytes);
  } catch {
    return undefined;
  }
}
