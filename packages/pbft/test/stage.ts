import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  outlineOf,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { type Effect, step } from "../src/index.ts";
import { Cluster } from "./cluster.ts";

/** Stage of one voter and its leader. */
export interface Stage {
  readonly cluster: Cluster;
  readonly leader: number;
  readonly voter: number;
  /** A block of the leader, with other fields in its header. */
  readonly block: (changes?: Partial<Block["header"]>) => Block;
  /** It, proposed. */
  readonly propose: (of: Block, by?: number, view?: number) => ConsensusMessage;
  /** Returns the effects of a message on the voter, and of the block that it fetches for it. */
  readonly look: (message: ConsensusMessage) => readonly Effect[];
}

/**
 * A cluster in which replica `voter` looks at proposals that the test makes in the leader's name.
 */
export function createStage(options: ConstructorParameters<typeof Cluster>[0] = {}): Stage {
  const cluster = new Cluster(options).startAll();
  const leader = cluster.leader(1, 0);
  const voter = (leader + 1) % cluster.nodes.length;
  const blocks: { readonly digest: Digest; readonly block: Block }[] = [];
  const block = (changes: Partial<Block["header"]> = {}): Block => {
    const { app, config } = cluster.node(leader);
    const { sequence } = cluster.state(leader);
    const proposed = app.propose({
      sequence,
      timestamp: toTimestamp(cluster.now),
      proposer: config.id,
      parentCertificate: app.head.certificate,
      evidence: [],
      reason: "heartbeat",
    });
    if (proposed === undefined) throw new Error("a heartbeat always has a block");
    return { ...proposed, header: { ...proposed.header, ...changes } };
  };
  const propose = (of: Block, by = leader, view = 0): ConsensusMessage => {
    const { sequence } = cluster.state(leader);
    const digest = blockDigest(of.header);
    blocks.push({ digest, block: of });
    const proposal = { sequence, view: toView(view), digest, leader: toValidatorIndex(by) };
    return cluster.sign(by, { type: "pre-prepare", proposal, outline: outlineOf(of) });
  };
  const look = (message: ConsensusMessage): readonly Effect[] => {
    const { config } = cluster.node(voter);
    const { now } = cluster;
    const input = { type: "message", message, from: undefined, now } as const;
    const { state, effects } = step(config, cluster.state(voter), input);
    const asked = effects.find((effect) => effect.type === "fetch-block");
    const found = blocks.findLast(({ digest }) => asked && equalBytes(digest, asked.digest));
    if (found === undefined) return effects;
    return [...effects, ...step(config, state, { type: "block", ...found, now }).effects];
  };
  return { cluster, leader, voter, block, propose, look };
}
