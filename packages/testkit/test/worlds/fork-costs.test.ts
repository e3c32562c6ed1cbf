import {
  beginBlock,
  createPrograms,
  earliestTimestamp,
  type Ledger,
  type LedgerState,
  sealBlock,
  stateAfter,
  stateKey,
  Unbonding,
  ValidatorRecord,
} from "@aethel/ledger";
import {
  assert,
  type ConsensusMessage,
  createCertificate,
  type Evidence,
  findEvidenceDefect,
  findProofDefect,
  type QuorumCertificate,
  signableVote,
  type Timestamp,
  toHex,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { convict } from "../../src/forensics.ts";
import { createTestNetwork, type TestNetwork, testKey } from "../../src/index.ts";
import { createFinalBlocks } from "./final-blocks.ts";

// Real forks on the ledger: what honest nodes have heard is brought to a block, and the ledger takes
// from whoever forked all that it has.

const EPOCH_MS = 60_000;
const NODES = 4;

describe("the price of a fork", () => {
  test("P16: validators that fork a ledger lose everything, by the logs of honest nodes", async () => {
    let forks = 0;
    for (let seed = 1; seed <= 20 && forks < 5; seed++) {
      const fork = await runToFork(seed);
      if (fork === undefined) continue;
      forks += 1;
      const { state, evidence, byzantine, network } = fork;
      await using _ = network;
      const convicting = next(state, { evidence, certificate: fork.certificate });
      const boundary = toTimestamp(nextBoundary(convicting));
      const certificate = certify(convicting, network);
      const after = next(convicting, { evidence: [], certificate, now: boundary });
      const guilty = convicting.votingSet.validators.filter(
        ({ id }) => recordOf(convicting, id).convictedAt !== undefined,
      );
      const power = guilty.reduce((sum, member) => sum + member.power, 0n);
      expect(3n * power).toBeGreaterThan(convicting.votingSet.totalPower);
      for (const { id } of convicting.votingSet.validators) {
        const isGuilty = guilty.some((one) => toHex(one.id) === toHex(id));
        const { stake, slashed } = recordOf(after, id);
        expect(isGuilty && !byzantine.has(toHex(id))).toBe(false);
        expect(slashed > 0n).toBe(isGuilty);
        expect(stake === 0n && lockedOf(after, id) === 0n).toBe(isGuilty);
      }
    }

    expect(forks).toBe(5);
  });
});

interface Fork {
  readonly network: TestNetwork;
  /** State of an honest node, on one of the two branches. */
  readonly state: LedgerState;
  readonly certificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /** Ids in hex. */
  readonly byzantine: ReadonlySet<string>;
}

async function runToFork(seed: number): Promise<Fork | undefined> {
  const { checker, finalized, isForked } = createFinalBlocks();
  const heard: ConsensusMessage[] = [];
  const network = await createTestNetwork({
    nodeCount: NODES,
    byzantineCount: 2,
    strategies: ["equivocating-leader", "double-voter"],
    seed,
    workEveryMs: 300,
    parameters: { epochMs: EPOCH_MS },
    onlyCheckers: [],
    checkers: [checker],
    onDelivered: ({ to, message }) => {
      if (network.nodes[to]?.isByzantine === false) heard.push(message);
    },
  });
  const set = network.nodes[0]?.head.validators;
  assert(set !== undefined, "there is a node");
  // A fork may stop a replica that learns of the other branch, which is not under test here.
  await network.runUntil(isForked, { boundMs: 10_000 }).catch(() => undefined);
  const ledger = network.nodes.find((node) => !node.isByzantine)?.ledger;
  if (!isForked() || ledger === undefined) {
    await network[Symbol.asyncDispose]();
    return undefined;
  }
  const state = ledger.state();
  const evidence = convict({ messages: heard, finalized }, set);
  return {
    network,
    state,
    certificate: ledger.head().certificate,
    evidence: evidence.filter((item) => findEvidenceDefect(state.chain, item) === undefined),
    byzantine: new Set(
      network.nodes.filter((node) => node.isByzantine).map((node) => toHex(node.id)),
    ),
  };
}

/** Returns the state after an empty block with as much of the evidence as it takes. */
function next(
  state: LedgerState,
  block: {
    readonly evidence: readonly Evidence[];
    readonly certificate: QuorumCertificate | undefined;
    readonly now?: Timestamp;
  },
): LedgerState {
  const proposer = state.votingSet.validators[0]?.id;
  assert(proposer !== undefined, "a set has a member");
  const checkProof = (proof: Parameters<typeof findProofDefect>[1]) =>
    findProofDefect(state.chain, proof);
  const tools = { programs: createPrograms(), checkProof };
  const opening = (evidence: readonly Evidence[]) => ({
    now: block.now ?? earliestTimestamp(state),
    proposer,
    evidence,
    parentCertificate: block.certificate,
  });
  const taken: Evidence[] = [];
  for (const item of block.evidence) {
    if (beginBlock(state, opening([...taken, item]), tools).type === "run") taken.push(item);
  }
  const begun = beginBlock(state, opening(taken), tools);
  assert(begun.type === "run", "the block can begin");
  const execution = begun.run.finish();
  const { header } = sealBlock(state, { ...opening(taken), proofs: [] }, execution);
  return stateAfter(state, header, execution).state;
}

/** All validators sign, convicted ones included: the set is still the same. */
function certify(state: LedgerState, network: TestNetwork): QuorumCertificate {
  const { header, digest, previousSet: set, chain } = state;
  const vote = { sequence: header.sequence, view: toView(0), digest };
  const votes = set.validators.map(({ id }, at) => {
    const node = network.nodes.findIndex((each) => toHex(each.id) === toHex(id));
    const { signer } = testKey(`world/validator/${node}/vote`);
    const signature = signer.sign(signableVote("commit", chain, vote));
    return { voter: toValidatorIndex(at), signature };
  });
  return createCertificate({ phase: "commit", vote, set, votes });
}

function nextBoundary({ clock }: LedgerState): number {
  const epochs = Math.floor((clock.now - clock.genesis) / EPOCH_MS) + 1;
  return clock.genesis + epochs * EPOCH_MS;
}

type Id = ReturnType<Ledger["head"]>["header"]["proposer"];

function recordOf({ tree }: LedgerState, id: Id): ValidatorRecord {
  const bytes = tree.get(stateKey.validator(id));
  assert(bytes !== undefined, "a member has a record");
  return ValidatorRecord.decode(bytes);
}

function lockedOf({ tree }: LedgerState, id: Id): bigint {
  const bytes = tree.get(stateKey.unbonding(id));
  const entries = bytes === undefined ? [] : Unbonding.decode(bytes).entries;
  return entries.reduce((sum, { amount }) => sum + amount, 0n);
}
