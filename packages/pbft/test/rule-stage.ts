import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  createCertificate,
  type Digest,
  type QuorumCertificate,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  type ViewChange,
} from "@aethel/models";
import type { Config, Effect, State } from "../src/index.ts";
import type { StepContext } from "../src/step-context.ts";
import { Cluster } from "./cluster.ts";

/**
 * One replica of four in the middle of a sequence, for tests that ask a single rule of the engine.
 */
export interface RuleStage {
  readonly cluster: Cluster;
  readonly config: Config;
  /** State of the replica: the first block is final, nothing has been said about the second. */
  readonly state: State;
  readonly me: number;
  /** Blocks that may be proposed next, each another. */
  readonly blocks: readonly Block[];
  readonly digests: readonly Digest[];
  readonly context: (changes?: Partial<State>) => StepContext;
  readonly certificate: (options: CertificateOptions) => QuorumCertificate;
  /** Request for a view with a lock, or without. */
  readonly request: (options: RequestOptions) => ViewChange;
}

/** Content of a certificate; by all but the last of four, of the current sequence. */
export interface CertificateOptions {
  readonly phase: "prepare" | "commit";
  readonly view: number;
  readonly digest: Digest;
  readonly sequence?: number;
}

/** Voter, view and lock of a request. */
export interface RequestOptions {
  readonly voter: number;
  readonly newView: number;
  readonly lock?: QuorumCertificate | undefined;
}

/** Far more than a block takes: a broken engine that goes round in circles is found out soon. */
const STEPS_MAX = 10_000;

/**
 * Stage for the replica that leads `leads` at the second sequence, or for one that leads none soon.
 */
export function createRuleStage(leads: number): RuleStage {
  const cluster = new Cluster({ scheme: "trusted" }).startAll();
  cluster.work();
  let steps = 0;
  const done = (): boolean => {
    steps += 1;
    if (steps > STEPS_MAX) throw new Error("the cluster does not come to rest");
    return cluster.heights().every((height) => height === 1);
  };
  if (!cluster.run({ forMs: 5_000, until: done })) throw new Error("not final");
  cluster.run({ forMs: 2_000, until: () => !done() });
  const me = cluster.leader(2, leads);
  const { config, app } = cluster.node(me);
  const state = cluster.state(me);
  const { head } = state;
  const set = head.validators;
  const blocks = [0, 1, 2].map((seed) => {
    const block = app.propose({
      sequence: toSequence(2),
      timestamp: toTimestamp(head.header.timestamp + config.minBlockIntervalMs + seed),
      proposer: cluster.node(cluster.leader(2, 0)).config.id,
      parentCertificate: head.certificate,
      evidence: [],
      reason: "heartbeat",
    });
    if (block === undefined) throw new Error("a heartbeat always has a block");
    return block;
  });
  const certificate: RuleStage["certificate"] = ({ phase, view, digest, sequence = 2 }) => {
    const vote = { sequence: toSequence(sequence), view: toView(view), digest };
    const votes = [0, 1, 2].map((at) => signed(cluster, at, phase, vote));
    return createCertificate({ phase, vote, set, votes });
  };
  const request: RuleStage["request"] = ({ voter, newView, lock }) => {
    const body = {
      validators: set.hash,
      sequence: toSequence(2),
      newView: toView(newView),
      parent: head.digest,
      prepared: lock && { view: lock.view, digest: lock.digest },
    };
    const message = cluster.sign(voter, {
      type: "view-change",
      body,
      voter: toValidatorIndex(voter),
      parentCertificate: head.certificate,
      prepareCertificate: lock,
    });
    if (message.type !== "view-change") throw new Error("a request");
    const { type: _, ...rest } = message;
    return rest;
  };
  const context: RuleStage["context"] = (changes = {}) => ({
    config,
    now: cluster.now,
    elapsed: cluster.now,
    state: { ...state, ...changes },
    effects: [],
  });
  const digests = blocks.map(({ header }) => blockDigest(header));
  return { cluster, config, state, me, blocks, digests, context, certificate, request };
}

/** The effects of some kinds. */
export function only<Type extends Effect["type"]>(
  { effects }: Pick<StepContext, "effects">,
  ...types: readonly Type[]
): readonly Extract<Effect, { readonly type: Type }>[] {
  const isOne = (effect: Effect): effect is Extract<Effect, { readonly type: Type }> =>
    types.some((type) => type === effect.type);
  return effects.filter(isOne);
}

/** The item at an index that is there. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

function signed(
  cluster: Cluster,
  index: number,
  type: "prepare" | "commit",
  vote: Pick<QuorumCertificate, "sequence" | "view" | "digest">,
): Extract<ConsensusMessage, { readonly type: "prepare" | "commit" }> {
  const message = cluster.sign(index, { type, ...vote, voter: toValidatorIndex(index) });
  if (message.type !== "prepare" && message.type !== "commit") throw new Error("a vote");
  return message;
}
