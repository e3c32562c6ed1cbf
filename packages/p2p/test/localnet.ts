import {
  type AccountId,
  type ConsensusMessage,
  createSigner,
  createValidatorSet,
  type Digest,
  type Signer,
  type SyncRequest,
  type SyncResponse,
  sha256,
  toAccountId,
  toAmount,
  toDigest,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "@aethel/models";
import type { PeerName } from "@aethel/pbft";
import { afterEach } from "vitest";
import {
  createPeerTransport,
  type PeerEvent,
  type PeerTransport,
  type PeerTransportOptions,
  type RelayHead,
} from "../src/index.ts";

/** One validator of a test: its id and its two keys. */
export interface Identity {
  readonly id: AccountId;
  readonly signer: Signer;
  readonly networkKey: Uint8Array;
}

export const genesis: Digest = toDigest(new Uint8Array(32).fill(7));

export function identity(name: string): Identity {
  const signer = createSigner(sha256(new TextEncoder().encode(`consensus ${name}`)));
  return {
    id: toAccountId(signer.publicKey),
    signer,
    networkKey: sha256(new TextEncoder().encode(`network ${name}`)),
  };
}

export function setOf(members: readonly Identity[]): ValidatorSet {
  return createValidatorSet(
    members.map(({ id, signer }) => ({ id, key: signer.publicKey, power: toAmount(10n) })),
  );
}

export function commit(sequence: number): ConsensusMessage {
  return {
    type: "commit",
    sequence: toSequence(sequence),
    view: toView(0),
    digest: toDigest(new Uint8Array(32).fill(9)),
    voter: toValidatorIndex(0),
    signature: toSignature(new Uint8Array(64).fill(3)),
  };
}

/** Bytes of an item: its name, and `padding` more bytes. */
export function item(name: number, padding = 0): Uint8Array {
  const bytes = new Uint8Array(4 + padding).fill(name % 251);
  new DataView(bytes.buffer).setUint32(0, name);
  return bytes;
}

/** A running transport, and everything that happened to it. */
export interface TestNode {
  readonly identity: Identity;
  readonly transport: PeerTransport;
  readonly events: PeerEvent[];
  readonly messages: { readonly message: ConsensusMessage; readonly from: PeerName | undefined }[];
  readonly reachable: PeerName[];
  /** Handler of requests. Default: `absent` at height 0. */
  answer: (request: SyncRequest, from: PeerName | undefined) => Promise<SyncResponse>;
}

/** Options of a transport; the sets of a head at 0 can be given alone. */
export interface NodeOptions extends Partial<PeerTransportOptions> {
  readonly validators?: () => ValidatorSet;
}

/** Returns a head at a sequence; the set before is the same unless it is given. */
export function headAt(
  sequence: number,
  validators: ValidatorSet,
  previousValidators = validators,
): RelayHead {
  return { header: { sequence: toSequence(sequence) }, validators, previousValidators };
}

export async function startNode(
  who: Identity,
  set: ValidatorSet,
  { validators = () => set, role, ...options }: NodeOptions = {},
): Promise<TestNode> {
  const events: PeerEvent[] = [];
  const messages: TestNode["messages"] = [];
  const reachable: PeerName[] = [];
  const transport = await createPeerTransport({
    genesis,
    networkKey: who.networkKey,
    // An observer and a sentry claim to be no validator.
    ...(role === undefined || role === "validator"
      ? { validator: { id: who.id, signer: who.signer } }
      : { role }),
    head: () => headAt(0, validators()),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    bootstrap: [],
    onEvent: (event) => events.push(event),
    ...options,
  });
  const node: TestNode = {
    identity: who,
    transport,
    events,
    messages,
    reachable,
    answer: () => Promise.resolve({ type: "absent", head: toSequence(0) }),
  };
  transport.attach({
    message: (message, from) => messages.push({ message, from }),
    request: (request, from) => node.answer(request, from),
    connected: (peer) => reachable.push(peer),
  });
  return node;
}

/** Starts all members of one set, each told the addresses of those before it. */
export async function startNet(count: number): Promise<readonly TestNode[]> {
  const members = Array.from({ length: count }, (_, at) => identity(`${at}`));
  const set = setOf(members);
  const nodes: TestNode[] = [];
  for (const member of members) {
    const bootstrap = nodes.flatMap(({ transport }) => transport.addresses());
    nodes.push(await startNode(member, set, { bootstrap }));
  }
  await until(() => nodes.every(({ transport }) => transport.peers().length === count - 1));
  return nodes;
}

/** Nodes and other things that end after the test that started them. */
export interface TestNodes {
  /** Starts a node. */
  readonly run: typeof startNode;
  /** Calls a function after the test. */
  readonly defer: (stop: () => unknown) => void;
}

/** Creates what a file's tests start nodes with. It ends them after each test. */
export function useNodes(): TestNodes {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });
  return {
    async run(...args) {
      const node = await startNode(...args);
      stops.push(() => node.transport.stop());
      return node;
    },
    defer: (stop) => void stops.push(stop),
  };
}

export async function stopAll(nodes: readonly TestNode[]): Promise<void> {
  await Promise.all(nodes.map(({ transport }) => transport.stop()));
}

/** Starts to count seconds: a budget that refills has given that much more on a busy machine. */
export function countSeconds(): () => number {
  const begun = performance.now();
  return () => (performance.now() - begun) / 1_000;
}

/** Waits for a condition; fails with its source when it does not come true in time. */
export async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
