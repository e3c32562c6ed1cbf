import {
  createValidatorSet,
  equalBytes,
  type FinalizedBlock,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { Cluster } from "./cluster.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";

/** Eight validators: the first four found the chain, the others come later. */
export const everybody: Membership = createMembership([1, 1, 1, 1, 1, 1, 1, 1], "ed25519");
const founders = createValidatorSet(everybody.set.validators.slice(0, 4));
const later = createValidatorSet(everybody.set.validators.slice(4));

/** Final blocks of one history, and the counter that executed them. */
export interface History extends fc.WithToStringMethod {
  readonly blocks: readonly FinalizedBlock[];
  /** Answers as a peer that knows this history. */
  answer(request: SyncRequest): SyncResponse;
}

/**
 * A history of `length` blocks. `change`: the sequence from which the later ones vote instead of
 * the founders; `offset` moves its time stamps, so that it differs from others.
 */
export function createHistory(options: {
  readonly length: number;
  readonly change?: number;
  readonly offset?: number;
  /** The block from which on the offset counts; those before are the same in both. */
  readonly from?: number;
}): History {
  const { length, change = Number.POSITIVE_INFINITY, offset = 0, from = 1 } = options;
  const cluster = new Cluster({
    powers: [1, 1, 1, 1, 1, 1, 1, 1],
    scheme: "ed25519",
    parameters: { minBlockIntervalMs: 10 },
  });
  for (const { app } of cluster.nodes)
    foundBy(app, (sequence) => (sequence < change ? founders : later));
  cluster.startAll();
  for (let height = 1; height <= length; height++) {
    if (height === from) cluster.now += offset;
    cluster.work();
    cluster.run({ forMs: 60_000, until: () => cluster.heights().every((each) => each >= height) });
  }
  const { blocks, head } = cluster.node(0).app;
  return {
    // Counterexamples would be the blocks.
    [fc.toStringMethod]: () => `${length} blocks, ${offset} ms off from ${from}`,
    blocks,
    answer(request) {
      const { sequence } = head.header;
      const { digest } = head;
      switch (request.type) {
        case "head":
          return { type: "head", sequence, digest, oldest: toSequence(1) };
        case "blocks": {
          const some = blocks.slice(
            request.from - 1,
            request.from - 1 + Math.min(request.count, SYNC_BLOCKS_MAX),
          );
          return some.length > 0
            ? { type: "blocks", blocks: some }
            : { type: "absent", head: sequence };
        }
        case "headers": {
          const count = Math.min(request.count, SYNC_HEADERS_MAX);
          const some = blocks.slice(Math.max(0, request.to - count), request.to);
          const isHere = request.to <= blocks.length;
          return isHere
            ? { type: "headers", headers: some.map(({ block }) => block.header) }
            : { type: "absent", head: sequence };
        }
        case "block": {
          const found = blocks.find(({ certificate }) =>
            equalBytes(certificate.digest, request.digest),
          );
          return found === undefined
            ? { type: "absent", head: sequence }
            : { type: "block", block: found.block };
        }
        default:
          return { type: "absent", head: sequence };
      }
    },
  };
}

/** The application of a newcomer: it executes whatever history is final, as a ledger would. */
export function createNewcomer(): Counter {
  const counter = new Counter(GENESIS, founders);
  foundBy(counter, () => founders);
  const commit = counter.commit.bind(counter);
  counter.commit = (finalized, ...rest) => {
    const { nextValidators } = finalized.block.header;
    const next = equalBytes(nextValidators, later.hash) ? later : founders;
    counter.setAt = () => next;
    return commit(finalized, ...rest);
  };
  return counter;
}

function foundBy(counter: Counter, setAt: (sequence: number) => ValidatorSet): void {
  counter.setAt = setAt;
  counter.head = new Counter(GENESIS, founders).head;
}
