import {
  type Block,
  type BlockHeader,
  blockDigest,
  compareBytes,
  type Digest,
  type Evidence,
  type FinalizedBlock,
  type Item,
  itemOf,
  type Sequence,
  sha256,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import {
  type Application,
  type ApplicationOptions,
  type ApplicationVerdict,
  type ChainStore,
  createApplication,
  createPlainBlock,
  leadershipHashAfter,
  type ReplicatedApplication,
  type StateMachine,
  signStatement,
} from "../src/index.ts";
import { certifiedByAll } from "./commit-certificate.ts";
import { createMembership, GENESIS } from "./keys.ts";

const membership = createMembership([1], "ed25519");

/** Bytes on a stack: order matters, and some items cannot apply. */
export type Stack = readonly number[];

/** Item that takes one byte from the stack, and applies to none that is empty. */
export const POP = 200;
/** Item upon which the machine throws. */
export const THROW = 255;

/** Pushes the first byte of an item, or takes one away. */
export const stackMachine: StateMachine<Stack> = {
  initial: [],
  apply: (stack, item) => {
    const [byte] = item;
    if (byte === THROW) throw new Error("an item that nobody can read");
    if (byte === undefined) return undefined;
    if (byte !== POP) return [...stack, byte];
    return stack.length === 0 ? undefined : stack.slice(0, -1);
  },
  root: (stack) => sha256(Uint8Array.from(stack)),
};

/** State after some items by a plain loop; undefined when one of them does not apply. */
export function plainRun(items: readonly Uint8Array[], from: Stack = []): Stack | undefined {
  let stack: Stack | undefined = from;
  for (const item of items) {
    if (stack === undefined || item[0] === THROW) return undefined;
    stack = stackMachine.apply(stack, item);
  }
  return stack;
}

/** Coding of a stack that is saved after each second block. */
export const coding: NonNullable<ApplicationOptions<Stack>["coding"]> = {
  encode: (stack) => Uint8Array.from(stack),
  decode: (bytes) => [...bytes],
  everyBlocks: 2,
};

/** Opens the stack on a store. */
export function openStack(
  options: Partial<ApplicationOptions<Stack>> & { readonly store?: ChainStore } = {},
): Promise<ReplicatedApplication<Stack>> {
  const { set: validators } = membership;
  return createApplication({ genesis: GENESIS, validators, ...stackMachine, ...options });
}

/** Asks an application for its next block. */
export function propose(
  application: Application,
  reason: "work" | "heartbeat" = "work",
  evidence: readonly Evidence[] = [],
): Promise<Block | undefined> {
  const { head, request } = requestOf(application);
  const leadership = leadershipHashAfter(head, request.parentCertificate);
  return application.propose({ ...request, evidence, leadership, reason });
}

/** Signs a PREPARE of the only validator in view 0, and names it as accused. */
function prepareOf(sequence: Sequence, digest: Digest) {
  const [member] = membership.members;
  const [validator] = membership.set.validators;
  if (member === undefined || validator === undefined) throw new Error("there is one");
  const vote = { sequence, view: toView(0), digest, voter: toValidatorIndex(0) };
  const statement = { type: "prepare", ...vote } as const;
  const message = signStatement({ statement, genesis: GENESIS, signer: member.signer });
  if (message.type !== "prepare") throw new Error("a PREPARE");
  return { validator: validator.id, key: validator.key, digest, signature: message.signature };
}

/** Evidence that the only validator voted for two blocks at a sequence, signed by it. */
export function doubleVote(at: number): Extract<Evidence, { readonly type: "double-vote" }> {
  const sequence = toSequence(at);
  const [first, second] = [1, 2]
    .map((byte) => prepareOf(sequence, sha256(Uint8Array.of(byte))))
    .toSorted((left, right) => compareBytes(left.digest, right.digest));
  if (first === undefined || second === undefined) throw new Error("there are two");
  const { validator, key } = first;
  const half = ({ digest, signature }: typeof first) => ({ digest, signature });
  return {
    type: "double-vote",
    validator,
    key,
    phase: "prepare",
    sequence,
    view: toView(0),
    first: half(first),
    second: half(second),
  };
}

/** Evidence that the only validator voted for a header, signed by it, with bytes as the claim. */
export function falseHeader(header: BlockHeader): Evidence {
  const { validator, key, signature } = prepareOf(header.sequence, blockDigest(header));
  const claim = Uint8Array.of(1);
  const view = toView(0);
  return { type: "false-header", validator, key, phase: "prepare", view, header, signature, claim };
}

/** A block of these items with this root, whether or not they give it. */
export function blockOf(
  application: Application,
  items: readonly (Item | Uint8Array)[],
  more: {
    readonly root?: Uint8Array;
    readonly annex?: readonly Uint8Array[];
    readonly evidence?: readonly Evidence[];
  } = {},
): Block {
  const { head, request } = requestOf(application);
  const whole = items.map((item) => (item instanceof Uint8Array ? itemOf(item) : item));
  const { root = sha256(new Uint8Array()), annex = [], evidence = [] } = more;
  return createPlainBlock({
    head,
    request: { ...request, evidence },
    items: whole,
    annex,
    application: root,
  });
}

function requestOf(application: Application) {
  const head = application.head();
  const { signal } = new AbortController();
  const request = {
    sequence: toSequence(head.header.sequence + 1),
    timestamp: toTimestamp(head.header.timestamp + 100),
    proposer: membership.members[0]?.id ?? head.header.proposer,
    parentCertificate: head.certificate,
    evidence: [],
    signal,
  };
  return { head, request };
}

/** Certifies a block. */
export function finalize(block: Block): FinalizedBlock {
  return { block, certificate: certifiedByAll(membership, block) };
}

/** Asks whether an application would vote for a block. */
export function validate(application: Application, block: Block): Promise<ApplicationVerdict> {
  const { signal } = new AbortController();
  const digest = blockDigest(block.header);
  return application.verify({ block, digest, patience: "none", signal });
}

/**
 * Submits items one by one and makes blocks of them until none waits; gives how many were taken.
 */
export async function settle(
  application: ReplicatedApplication<Stack>,
  items: readonly Uint8Array[],
): Promise<number> {
  const answers = items.map((item) => application.submit(item).type);
  for (let block = await propose(application); block !== undefined; ) {
    await application.commit(finalize(block));
    block = await propose(application);
  }
  return answers.filter((answer) => answer === "accepted").length;
}
