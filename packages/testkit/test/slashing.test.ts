import type { Ledger, ValidatorView } from "@aethel/ledger";
import { assert, type Evidence, equalBytes, type ProofBlock, toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  createTestNetwork,
  TEST_PARAMETERS,
  type TestNetwork,
  type TestNetworkOptions,
  testKey,
} from "../src/index.ts";

// Issue 6, "slashing end to end": replicas, ledgers and evidence are those of production. All
// checkers watch, among them the one that recounts every slash from the state before.

const POWERS = [5, 4, 3, 3, 2, 2, 2];
const UNIT = TEST_PARAMETERS.minimumStake;

/** The offender, and what it does. Less than a third of 21 units of power. */
const world = (node: number, more: Partial<TestNetworkOptions>): TestNetworkOptions => ({
  nodeCount: POWERS.length,
  powers: POWERS,
  seed: 5,
  network: { byzantineIds: [node], latencyMs: 5 },
  // Until then nobody leaves the set, so that whoever cheats goes on.
  parameters: { epochMs: 4_000 },
  ...more,
});

describe("slashing end to end", () => {
  test("P16, P36: a validator that votes twice loses a fifth for each time, once", async () => {
    await using network = await createTestNetwork(world(0, { strategies: ["triple-voter"] }));
    const seen = await live(network);

    const convictions = seen.evidence;
    expect(new Set(convictions.map(({ type }) => type))).toEqual(new Set(["double-vote"]));
    // One place, three votes, six observers: one offence.
    expect(new Set(convictions.map(placeOf)).size).toBe(convictions.length);
    expect(seen.accusations.length).toBeGreaterThan(convictions.length);
    expectStakes(network, { offender: 0, basisPoints: 2_000, times: convictions.length });
  });

  test("P16, P36: a leader that proposes twice loses a fifth for each time, once", async () => {
    await using network = await createTestNetwork(world(1, { strategies: ["double-proposer"] }));
    const seen = await live(network);

    const convictions = seen.evidence;
    expect(new Set(convictions.map(({ type }) => type))).toEqual(new Set(["double-proposal"]));
    expect(new Set(convictions.map(placeOf)).size).toBe(convictions.length);
    expectStakes(network, { offender: 1, basisPoints: 2_000, times: convictions.length });
  });

  test("P5, P16: whoever votes for a refuted proof loses a twentieth for each block, accomplices too", async () => {
    const byzantineIds = [2, 4];
    await using network = await createTestNetwork(
      world(2, { strategies: ["false-prover"], network: { byzantineIds, latencyMs: 5 } }),
    );
    const seen = await live(network);

    const { evidence } = seen;
    expect(new Set(evidence.map(({ type }) => type))).toEqual(new Set(["invalid-verification"]));
    for (const offender of byzantineIds) {
      const own = evidence.filter(({ validator }) => equalBytes(validator, ownerOf(offender).id));
      expect(own.length).toBeGreaterThan(0);
      // In whatever views and phases it voted for the block.
      expect(new Set(own.map(placeOf)).size).toBe(own.length);
      expectStakes(network, { offender, basisPoints: 500, times: own.length, alone: false });
    }
    expect(falseIntentsOf(network)).toEqual([]);
  });

  test("stake that was withdrawn before the evidence came is reached as well", async () => {
    await using network = await createTestNetwork(world(0, { strategies: ["triple-voter"] }));
    const flight = network.chain.work({ author: ownerOf(0), nonce: 0, isEscaping: true });
    await network.submit(flight);
    const { evidence } = await live(network);

    const { bonded, locked } = stakeOf(network, 0);
    const all = UNIT * 5n;
    expect(bonded).toBe(0n);
    expect(locked).toBeLessThan(all / 2n);
    expectStakes(network, { offender: 0, basisPoints: 2_000, times: evidence.length });
  });

  test("P19: nobody is slashed for crashes, partitions and losses", async () => {
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
  /** In final blocks, in their order. */
  readonly evidence: readonly Evidence[];
  readonly accusations: readonly unknown[];
}

/** Several virtual seconds with work of accounts that have no stake, and then a look back. */
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

async function blocksOf(ledger: Ledger): Promise<readonly ProofBlock[]> {
  const { sequence } = ledger.head().header;
  const numbers = Array.from({ length: sequence }, (_, at) => toSequence(at + 1));
  const finals = await Promise.all(numbers.map((each) => ledger.finalized(each)));
  return finals.flatMap((final) => (final === undefined ? [] : [final.block]));
}

/** Of the honest node that is furthest; all others agree, or a checker has said so. */
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

/** What an offender has left after so many slashes, each of what was left before it; others all. */
function expectStakes(
  network: TestNetwork,
  how: {
    readonly offender: number;
    readonly basisPoints: number;
    readonly times: number;
    readonly alone?: boolean;
  },
): void {
  const { offender, basisPoints, times, alone = true } = how;
  const all = UNIT * BigInt(POWERS[offender] ?? 0);
  let left = all;
  for (let at = 0; at < times; at++) left -= (left * BigInt(basisPoints)) / 10_000n;
  const { bonded, locked, slashed, offences } = stakeOf(network, offender);
  expect(times).toBeGreaterThan(0);
  expect({ offences, slashed, held: bonded + locked }).toEqual({
    offences: times,
    slashed: all - left,
    held: left,
  });
  if (!alone) return;
  for (const [node, power] of POWERS.entries()) {
    if (node === offender) continue;
    expect(stakeOf(network, node)).toMatchObject({ bonded: UNIT * BigInt(power), offences: 0 });
  }
}

function placeOf(item: Evidence): string {
  switch (item.type) {
    case "double-vote":
      return `${item.sequence} ${item.view} ${item.phase}`;
    case "double-proposal":
      return `${item.sequence} ${item.view}`;
    case "hidden-lock":
      return `${item.body.sequence} ${item.view}`;
    case "invalid-verification":
      return `${item.header.sequence}`;
  }
}

/** Sample intents that the Judge refutes and that a ledger has nevertheless. */
function falseIntentsOf(network: TestNetwork): readonly string[] {
  const names = ["steal", "pay", "mint", "burst"];
  return ledgerOf(network)
    .intents()
    .flatMap(({ name }) => (names.includes(name) ? [name] : []));
}
