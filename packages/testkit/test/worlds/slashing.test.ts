import type { Ledger, ValidatorView } from "@aethel/ledger";
import { assert, type Block, type Evidence, equalBytes, toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  createTestNetwork,
  TEST_PARAMETERS,
  type TestNetwork,
  type TestNetworkOptions,
  testKey,
} from "../../src/index.ts";

// Replicas, ledgers and evidence are those of production. All checkers watch, among them the one that
// recounts every slash from the state before.

const POWERS = [5, 4, 3, 3, 2, 2, 2];
const UNIT = TEST_PARAMETERS.minimumStake;

/** Creates a world with one offender, which has less than a third of 21 units of power. */
const world = (node: number, more: Partial<TestNetworkOptions>): TestNetworkOptions => ({
  nodeCount: POWERS.length,
  powers: POWERS,
  seed: 5,
  network: { byzantineIds: [node], latencyMs: 5 },
  // Nobody leaves the set until then, so the offender goes on.
  parameters: { epochMs: 4_000 },
  ...more,
});

describe("slashing end to end", () => {
  test("P16, P36: a validator that votes twice pays once, three times its part of the power", async () => {
    await using network = await createTestNetwork(world(0, { strategies: ["triple-voter"] }));
    const seen = await live(network);

    const convictions = seen.evidence;
    expect(convictions.map(({ type }) => type)).toEqual(["double-vote"]);
    // Many places, three votes in each, six observers: one offence.
    expect(seen.accusations.length).toBeGreaterThan(1);
    // 5 of 21 units.
    expectStakes(network, { offender: 0, lost: thrice(5n, 21n) });
  });

  test("P16, P36: a leader that proposes twice pays once", async () => {
    await using network = await createTestNetwork(world(1, { strategies: ["double-proposer"] }));
    const seen = await live(network);

    expect(seen.evidence.map(({ type }) => type)).toEqual(["double-proposal"]);
    expectStakes(network, { offender: 1, lost: thrice(4n, 21n) });
  });

  test("P16: a small validator loses exactly a fifth, however often it signs twice", async () => {
    const powers = [1, 5, 5, 5];
    const strategies = ["triple-voter"];
    await using network = await createTestNetwork(world(0, { strategies, nodeCount: 4, powers }));
    const { evidence, accusations } = await live(network);

    expect(evidence.length).toBe(1);
    expect(accusations.length).toBeGreaterThan(1);
    const { bonded, slashed, offences } = stakeOf(network, 0);
    const lost = UNIT / 5n;
    expect({ bonded, slashed, offences }).toEqual({
      bonded: UNIT - lost,
      slashed: lost,
      offences: 1,
    });
  });

  test("P16: two that equivocate in one window pay for both", async () => {
    const byzantineIds = [2, 4];
    await using network = await createTestNetwork(
      world(2, { strategies: ["triple-voter"], network: { byzantineIds, latencyMs: 5 } }),
    );
    const { evidence } = await live(network);

    expect(evidence.length).toBe(2);
    for (const offender of byzantineIds) {
      expectStakes(network, { offender, lost: thrice(5n, 21n), alone: false });
    }
  });

  test("P5, P16: a voter for a refuted proof loses a twentieth for each block, accomplices too", async () => {
    const byzantineIds = [2, 4];
    await using network = await createTestNetwork(
      world(2, { strategies: ["false-prover"], network: { byzantineIds, latencyMs: 5 } }),
    );
    const seen = await live(network);

    const { evidence } = seen;
    expect(new Set(evidence.map(({ type }) => type))).toEqual(new Set(["false-header"]));
    for (const offender of byzantineIds) {
      const own = evidence.filter(({ validator }) => equalBytes(validator, ownerOf(offender).id));
      expect(own.length).toBeGreaterThan(0);
      // The views and phases of its votes for the block do not matter.
      expect(new Set(own.map(falseSequence)).size).toBe(own.length);
      const lost = (all: bigint): bigint => {
        let left = all;
        for (const _ of own) left -= left / 20n;
        return all - left;
      };
      expectStakes(network, { offender, lost, times: own.length, alone: false });
    }
    expect(falseIntentsOf(network)).toEqual([]);
  });

  test("stake that was withdrawn before the evidence came is reached as well", async () => {
    await using network = await createTestNetwork(world(0, { strategies: ["triple-voter"] }));
    const withdrawal = network.chain.work({ author: ownerOf(0), nonce: 0, isEscaping: true });
    await network.submit(withdrawal);
    const { evidence } = await live(network);

    const { bonded, locked } = stakeOf(network, 0);
    const all = UNIT * 5n;
    expect(evidence.length).toBe(1);
    expect(bonded).toBe(0n);
    expect(locked).toBeLessThan(all / 2n);
    expectStakes(network, { offender: 0, lost: thrice(5n, 21n) });
  });

  test("P19: no validator is slashed for crashes, partitions and losses", async () => {
    await using network = await createTestNetwork({
      ...world(0, {}),
      network: { lossRate: 0.2, duplicateRate: 0.2, reorderRate: 0.2, clockDriftMs: 400 },
      actions: [
        { type: "crash", node: 1, atMs: 700, forMs: 4_000 },
        { type: "partition", groups: [[0, 2]], atMs: 2_000, forMs: 3_000 },
        { type: "pause", node: 3, atMs: 1_500, forMs: 2_500 },
      ],
    });
    const { evidence, accusations } = await live(network);

    expect(evidence).toEqual([]);
    expect(accusations).toEqual([]);
    for (const [node, power] of POWERS.entries()) {
      expect(stakeOf(network, node)).toMatchObject({ bonded: UNIT * BigInt(power), slashed: 0n });
    }
  });
});

const ownerOf = (node: number) => testKey(`world/validator/${node}/account`);

interface Seen {
  /** Evidence in final blocks, in order. */
  readonly evidence: readonly Evidence[];
  readonly accusations: readonly unknown[];
}

/**
 * Runs several virtual seconds with work of accounts without stake, then collects what happened.
 */
async function live(network: TestNetwork): Promise<Seen> {
  for (let nonce = 0; nonce < 6; nonce++) {
    for (const author of network.accounts) {
      await network.submit(network.chain.work({ author, nonce }));
      await network.run(150);
    }
  }
  await network.heal();
  await network.run(4_000);
  const blocks = await blocksOf(ledgerOf(network));
  const counted = Object.values(network.report().evidence);
  return {
    evidence: blocks.flatMap(({ evidence }) => evidence),
    accusations: counted.flatMap((count) => Array.from({ length: count })),
  };
}

async function blocksOf(ledger: Ledger): Promise<readonly Block[]> {
  const { sequence } = ledger.head().header;
  const numbers = Array.from({ length: sequence }, (_, at) => toSequence(at + 1));
  const finals = await Promise.all(numbers.map((each) => ledger.finalized(each)));
  return finals.flatMap((final) => (final === undefined ? [] : [final.block]));
}

/**
 * Returns the ledger of the honest node that is furthest; all others agree, or a checker has
 * objected.
 */
function ledgerOf(network: TestNetwork): Ledger {
  const [best] = network.nodes
    .filter((node) => !node.isByzantine && node.ledger !== undefined)
    .toSorted((left, right) => right.head.header.sequence - left.head.header.sequence);
  assert(best?.ledger !== undefined, "an honest node is up");
  return best.ledger;
}

function stakeOf(network: TestNetwork, node: number) {
  const view = ledgerOf(network).validator(ownerOf(node).id);
  assert(view !== undefined, "a validator has a record");
  const { stake, slashed, offences, unbonding }: ValidatorView = view;
  const locked = unbonding.reduce((sum, { amount }) => sum + amount, 0n);
  return { bonded: stake, locked, slashed, offences };
}

/** Returns the cost of equivocations by this much of the power at an epoch boundary. */
function thrice(power: bigint, totalPower: bigint): (all: bigint) => bigint {
  const part = (power << 96n) / totalPower;
  return (all) => (3n * all * part) >> 96n;
}

/** Expects that the offender has lost this part of all that it held, and the others nothing. */
function expectStakes(
  network: TestNetwork,
  how: {
    readonly offender: number;
    readonly lost: (all: bigint) => bigint;
    readonly times?: number;
    readonly alone?: boolean;
  },
): void {
  const { offender, times = 1, alone = true } = how;
  const all = UNIT * BigInt(POWERS[offender] ?? 0);
  const lost = how.lost(all);
  const { bonded, locked, slashed, offences } = stakeOf(network, offender);
  // Each conviction's part of the power is rounded down to 96 bits, which may cost a micro-token less.
  expect(lost - slashed === 0n || lost - slashed === 1n).toBe(true);
  expect({ offences, held: bonded + locked }).toEqual({ offences: times, held: all - slashed });
  if (!alone) return;
  for (const [node, power] of POWERS.entries()) {
    if (node === offender) continue;
    expect(stakeOf(network, node)).toMatchObject({ bonded: UNIT * BigInt(power), offences: 0 });
  }
}

function falseSequence(item: Evidence): number {
  assert(item.type === "false-header", "it is about a false block");
  return item.header.sequence;
}

/** Returns the sample intents that the Judge refutes and that a ledger has nevertheless. */
function falseIntentsOf(network: TestNetwork): readonly string[] {
  const names = ["steal", "pay", "mint", "burst"];
  return ledgerOf(network)
    .intents()
    .flatMap(({ name }) => (names.includes(name) ? [name] : []));
}
