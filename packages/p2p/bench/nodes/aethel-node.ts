import {
  type Block,
  type ConsensusMessage,
  outlineOf,
  toDigest,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { createPeerTransport } from "@aethel/p2p";
import type { PeerName } from "@aethel/pbft";
import { genesis, headAt, identity, item, setOf } from "../../test/localnet.ts";
import { block } from "../../test/wire-values.ts";
import type { BenchNode, BenchNodeOptions, Note } from "./bench-node.ts";

/** Limits without effect: tests measure budgets; here they would measure the clock. */
const UNBOUNDED = {
  messagesPerSecondMax: 1_000_000,
  messageBytesPerSecondMax: 2 ** 30,
  gossipBytesPerSecondMax: 2 ** 30,
  allSignaturesPerSecondMax: 1_000_000,
  signaturesPerSecondMax: 1_000_000,
  // All nodes share the one address of this machine.
  inboundPerSecondMax: 1_000,
};

/**
 * Creates our transport: votes and blocks are consensus messages over direct streams, proofs are
 * gossiped.
 */
export async function createAethelNode(options: BenchNodeOptions): Promise<BenchNode> {
  const { index, count, dial, onNote } = options;
  const members = Array.from({ length: count }, (_, at) => identity(`bench ${at}`));
  const own = identity(`bench ${index}`);
  const set = setOf(members);
  const transport = await createPeerTransport({
    genesis,
    networkKey: own.networkKey,
    validator: { id: own.id, signer: own.signer },
    head: () => headAt(0, set),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    bootstrap: dial,
    limits: UNBOUNDED,
  });
  const reply = (to: PeerName | undefined) => (note: Note) => {
    if (to !== undefined) transport.send(to, messageOf(note));
  };
  transport.attach({
    message: (message, from) => onNote(noteOf(message), reply(from)),
    request: () => Promise.resolve({ type: "absent", head: toSequence(0) }),
    connected: () => undefined,
  });
  transport.onItem((_, { validator }) => {
    onNote({ kind: "proof", id: 0 }, reply(validator));
    return "accept";
  });
  return {
    addresses: () => transport.addresses(),
    reached: () => transport.peers().length,
    broadcast: (note) => {
      if (note.kind === "proof") transport.publishItem(itemAt(note.id));
      else transport.broadcast(messageOf(note));
    },
    stop: () => transport.stop(),
  };
}

/** Returns the bytes of an item, about as long as a small proof. */
export function itemAt(id: number): Uint8Array {
  return item(id, 480);
}

let large: Block | undefined;

function messageOf({ kind, id }: Note): ConsensusMessage {
  const sequence = toSequence(id);
  const signature = toSignature(new Uint8Array(64).fill(3));
  const digest = toDigest(new Uint8Array(32).fill(9));
  const place = { sequence, view: toView(0), digest, signature };
  if (kind === "block") {
    large ??= block(1, 1);
    const leader = toValidatorIndex(0);
    return { type: "pre-prepare", proposal: { ...place, leader }, outline: outlineOf(large) };
  }
  const type = kind === "vote" ? "prepare" : "commit";
  return { type, ...place, voter: toValidatorIndex(0) };
}

function noteOf(message: ConsensusMessage): Note {
  switch (message.type) {
    case "pre-prepare":
      return { kind: "block", id: message.proposal.sequence };
    case "prepare":
      return { kind: "vote", id: message.sequence };
    case "commit":
      return { kind: "ack", id: message.sequence };
    default:
      throw new Error(`nobody sent a ${message.type}`);
  }
}
