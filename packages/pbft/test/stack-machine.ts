import {
  type Block,
  blockDigest,
  createCertificate,
  type FinalizedBlock,
  type Item,
  itemOf,
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
import { createMembership, GENESIS } from "./keys.ts";

const membership = createMembership([1]);

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
): Promise<Block | undefined> {
  const { head, request } = requestOf(application);
  const leadership = leadershipHashAfter(head, request.parentCertificate);
  return application.propose({ ...request, leadership, reason });
}

/** A block of these items with this root, whether or not they give it. */
export function blockOf(
  application: Application,
  items: readonly (Item | Uint8Array)[],
  more: { readonly root?: Uint8Array; readonly annex?: readonly Uint8Array[] } = {},
): Block {
  const { head, request } = requestOf(application);
  const whole = items.map((item) => (item instanceof Uint8Array ? itemOf(item) : item));
  const { root = sha256(new Uint8Array()), annex = [] } = more;
  return createPlainBlock({ head, request, items: whole, annex, application: root });
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
  const { set, members } = membership;
  const { sequence } = block.header;
  const vote = { sequence, view: toView(0), digest: blockDigest(block.header) };
  const votes = members.map(({ signer }, index) => {
    const statement = { type: "commit", ...vote, voter: toValidatorIndex(index) } as const;
    const message = signStatement({ statement, genesis: GENESIS, signer });
    if (message.type !== "commit") throw new Error("a COMMIT");
    return message;
  });
  return { block, certificate: createCertificate({ phase: "commit", vote, set, votes }) };
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
