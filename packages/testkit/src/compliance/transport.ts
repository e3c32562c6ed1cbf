import {
  ConsensusMessage,
  equalBytes,
  type SyncRequest,
  toHex,
  toSequence,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "@aethel/models";
import type { PeerName, Transport, TransportHandlers } from "@aethel/pbft";
import { signVote } from "../arbitraries/votes.ts";
import { TEST_CHAIN } from "../fixtures/test-chain.ts";
import { type ComplianceCase, demand } from "./check.ts";

/** Three connected transports. No handlers are attached yet. */
export interface TransportTrio extends AsyncDisposable {
  readonly nodes: readonly [NamedTransport, NamedTransport, NamedTransport];
  /** Lets time pass until the predicate holds. Resolves with false if it does not hold in time. */
  readonly until: (predicate: () => boolean) => Promise<boolean>;
  /** Waits for a promise. Needed where time is virtual. Default: the promise itself. */
  readonly settle?: <T>(promise: Promise<T>) => Promise<T>;
}

/** A transport, and the name by which others know its node. */
export interface NamedTransport {
  readonly name: PeerName;
  readonly transport: Transport;
}

/**
 * Returns the cases that every implementation of the `Transport` port of `@aethel/pbft` must pass,
 * on a network without faults. Register each as a test. `create` must return three new nodes each
 * time.
 */
export function transportCompliance(
  create: () => Promise<TransportTrio>,
): readonly ComplianceCase[] {
  const on: Register = (name, check) => ({
    name,
    run: async () => {
      await using trio = await create();
      await check(await attach(trio));
    },
  });
  return [...messageCases(on), ...requestCases(on), ...peerCases(on)];
}

type Register = (name: string, check: (trio: Attached) => Promise<void>) => ComplianceCase;

function messageCases(on: Register): readonly ComplianceCase[] {
  return [
    on("a broadcast reaches all others once, unchanged, and not its sender", async (trio) => {
      const [first, second, third] = trio.nodes;
      first.transport.broadcast(message(1));
      const arrived = await trio.until(() => second.heard.length > 0 && third.heard.length > 0);
      demand(arrived, "all others get a broadcast");
      demand(first.heard.length === 0, "nobody gets their own broadcast");
      for (const { heard } of [second, third]) {
        demand(
          heard.length === 1 && isSame(heard[0]?.message, message(1)),
          "a broadcast arrives once and unchanged",
        );
      }
    }),
    on("a message to one node reaches only that node", async (trio) => {
      const [first, second, third] = trio.nodes;
      first.transport.send(second.name, message(2));
      first.transport.broadcast(message(3));
      await trio.until(() => second.heard.length === 2 && third.heard.length === 1);
      demand(second.heard.length === 2, "the receiver gets a message sent to it");
      demand(
        third.heard.every((each) => isSame(each.message, message(3))),
        "no other node gets it",
      );
    }),
    on("the sender of a message is the true one, or unknown", async (trio) => {
      const [first, second] = trio.nodes;
      first.transport.send(second.name, message(4));
      await trio.until(() => second.heard.length > 0);
      const from = second.heard[0]?.from;
      demand(from === undefined || equalBytes(from, first.name), "`from` is never someone else");
    }),
  ];
}

function requestCases(on: Register): readonly ComplianceCase[] {
  return [
    on("a request is answered by the peer that was asked", async (trio) => {
      const [first, second] = trio.nodes;
      const { signal } = new AbortController();
      const response = await trio.settle(first.transport.request(second.name, REQUEST, signal));
      const isAnswer = response.type === "absent" && response.head === second.head;
      demand(isAnswer, "the answer is what the peer's handler gave");
    }),
    on("an aborted request rejects", async (trio) => {
      const [first, second] = trio.nodes;
      const controller = new AbortController();
      const asked = first.transport.request(second.name, REQUEST, controller.signal);
      controller.abort();
      const outcome = await trio.settle(outcomeOf(asked));
      demand(outcome === "rejected", "an aborted request rejects");
      const late = outcomeOf(first.transport.request(second.name, REQUEST, controller.signal));
      demand((await trio.settle(late)) === "rejected", "a request that begins aborted rejects");
    }),
    on("a request to a peer that fails to answer rejects", async (trio) => {
      const [first, , third] = trio.nodes;
      third.fails = true;
      const { signal } = new AbortController();
      const outcome = outcomeOf(first.transport.request(third.name, REQUEST, signal));
      demand((await trio.settle(outcome)) === "rejected", "no answer rejects in time");
    }),
  ];
}

function peerCases(on: Register): readonly ComplianceCase[] {
  return [
    on("peers are the other nodes that can be asked, never the node itself", async (trio) => {
      for (const { transport, name } of trio.nodes) {
        const names = transport.peers().map((peer) => toHex(peer));
        demand(!names.includes(toHex(name)), "a node is not its own peer");
        demand(names.length === 2 && new Set(names).size === 2, "each other node is there once");
      }
    }),
    on("sending to an unknown name does nothing, and a request to it rejects", async (trio) => {
      const [first] = trio.nodes;
      const { signal } = new AbortController();
      first.transport.send(TEST_CHAIN.accounts[0]?.id ?? first.name, message(5));
      const stranger = TEST_CHAIN.accounts[0]?.id ?? first.name;
      const asked = outcomeOf(first.transport.request(stranger, REQUEST, signal));
      demand((await trio.settle(asked)) === "rejected", "a request to nobody rejects");
    }),
    on("each node learns of the others when they connect", async (trio) => {
      const met = await trio.until(() => trio.nodes.every((node) => node.met.size === 2));
      demand(met, "`connected` is called for each other node");
    }),
  ];
}

const REQUEST: SyncRequest = { type: "head", known: toSequence(0) };

function message(sequence: number): ConsensusMessage {
  const vote = { sequence: toSequence(sequence), view: toView(0), digest: ZERO_DIGEST };
  const voter = toValidatorIndex(0);
  return { type: "prepare", ...signVote({ chain: TEST_CHAIN, phase: "prepare", vote, voter }) };
}

function isSame(left: ConsensusMessage | undefined, right: ConsensusMessage): boolean {
  if (left === undefined) return false;
  return equalBytes(ConsensusMessage.encode(left), ConsensusMessage.encode(right));
}

interface AttachedNode extends NamedTransport {
  readonly heard: { readonly message: ConsensusMessage; readonly from: PeerName | undefined }[];
  readonly met: Set<string>;
  readonly head: number;
  fails: boolean;
}

interface Attached {
  readonly nodes: readonly [AttachedNode, AttachedNode, AttachedNode];
  readonly until: TransportTrio["until"];
  readonly settle: <T>(promise: Promise<T>) => Promise<T>;
}

async function attach(trio: TransportTrio): Promise<Attached> {
  const [first, second, third] = trio.nodes;
  const nodes = [attachOne(first, 11), attachOne(second, 22), attachOne(third, 33)] as const;
  const isReady = (): boolean => nodes.every(({ transport }) => transport.peers().length === 2);
  demand(await trio.until(isReady), "three nodes find each other");
  const settle = trio.settle ?? (<T>(promise: Promise<T>): Promise<T> => promise);
  return { nodes, until: trio.until, settle };
}

function attachOne({ name, transport }: NamedTransport, head: number): AttachedNode {
  const node: AttachedNode = { name, transport, heard: [], met: new Set(), head, fails: false };
  const handlers: TransportHandlers = {
    message: (received, from) => {
      node.heard.push({ message: received, from });
    },
    request: () =>
      node.fails
        ? Promise.reject(new Error("this node fails to answer"))
        : Promise.resolve({ type: "absent", head: toSequence(head) }),
    connected: (peer) => {
      node.met.add(toHex(peer));
    },
  };
  transport.attach(handlers);
  return node;
}

async function outcomeOf(promise: Promise<unknown>): Promise<"resolved" | "rejected"> {
  try {
    await promise;
    return "resolved";
  } catch {
    return "rejected";
  }
}
