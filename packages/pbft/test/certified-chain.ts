import {
  type BlockHeader,
  createValidatorSet,
  encodeValidatorSet,
  equalBytes,
  toAmount,
  type ValidatorSet,
} from "@aethel/models";
import type { HeaderUpdate, TrustedHead } from "../src/light/index.ts";
import { trustHeader } from "../src/light/index.ts";
import { Cluster } from "./cluster.ts";

/** A chain that a cluster made final, as a server would offer it to a light client. */
export interface CertifiedChain {
  readonly cluster: Cluster;
  readonly trusted: TrustedHead;
  /** The update at index i is of sequence i + 1. */
  readonly updates: readonly HeaderUpdate[];
  /** Indices of the updates that bring another set. */
  readonly boundaries: readonly number[];
  /** The set that votes on a sequence. */
  readonly setAt: (sequence: number) => ValidatorSet;
}

/** Runs `length` blocks; the set changes with those of sequence 3, 5 and 8. */
export function createCertifiedChain(length: number): CertifiedChain {
  const cluster = new Cluster({ powers: [3, 3, 3, 2, 2, 1], scheme: "ed25519" });
  const { set } = cluster.membership;
  const sets = [set, without(set, 5), withMore(without(set, 4), 0), without(set, 5)];
  const setAt = (sequence: number): ValidatorSet =>
    sets[[3, 5, 8].filter((boundary) => sequence >= boundary).length] ?? set;
  for (const { app } of cluster.nodes) app.setAt = setAt;
  const genesis = cluster.node(0).app.head;
  cluster.startAll();
  for (let goal = 1; goal <= length; goal++) {
    cluster.work();
    const reached = (): boolean => cluster.heights().every((height) => height >= goal);
    if (!cluster.run({ forMs: 60_000, until: reached })) throw new Error("no progress");
  }
  const updates = cluster.node(0).app.blocks.map(({ block: { header }, certificate }) => {
    const next = setAt(header.sequence + 1);
    return isBoundary(header)
      ? { header, certificate, nextValidators: encodeValidatorSet(next) }
      : { header, certificate };
  });
  const trusted = trustHeader({
    header: genesis.header,
    nextValidators: encodeValidatorSet(genesis.validators),
    statedAt: genesis.header.timestamp,
  });
  const boundaries = updates.flatMap(({ header }, at) => (isBoundary(header) ? [at] : []));
  return { cluster, trusted, updates, boundaries, setAt };
}

/** Whether another set votes after this header. */
export function isBoundary(header: BlockHeader): boolean {
  return !equalBytes(header.validators, header.nextValidators);
}

function without(set: ValidatorSet, index: number): ValidatorSet {
  return createValidatorSet(set.validators.filter((_, at) => at !== index));
}

function withMore(set: ValidatorSet, index: number): ValidatorSet {
  return createValidatorSet(
    set.validators.map((each, at) =>
      at === index ? { ...each, power: toAmount(each.power + 1n) } : each,
    ),
  );
}
