import { type Ledger, RESULT_CODES, type Receipt } from "@aethel/ledger";
import { assert, type Genesis, type StateChange, type StateTransition } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createContractChecker } from "../../src/checkers/contracts.ts";
import { contracts, createTestNetwork, drawWorld, TEST_PARAMETERS } from "../../src/index.ts";

/** Changes and receipts of one block. */
interface Executed {
  readonly transition: StateTransition;
  readonly receipts: readonly Receipt[];
}

describe("worlds with contracts", () => {
  test("P38 P28: invariants, exits and deposits hold after each block, under Byzantine leaders too", async () => {
    const receipts: Receipt[] = [];
    for (let seed = 1; seed <= 3; seed++) receipts.push(...(await receiptsOf(seed)));

    const codes = new Map<number, string>(
      Object.entries(RESULT_CODES).map(([name, code]) => [code, name]),
    );
    const outcomes = new Set(receipts.map(({ errorCode }) => codes.get(errorCode)));
    // Calls apply, fail at a guard, and exceed what their signer allows; nothing else happens.
    expect(outcomes).toEqual(new Set(["none", "guard-false", "spending"]));
    const applied = receipts.filter(({ errorCode }) => errorCode === RESULT_CODES.none);
    expect(new Set(applied.map(({ calls }) => calls.length)).size).toBeGreaterThan(2);
    expect(applied.some(({ depositPaid }) => depositPaid > 0n)).toBe(true);
  }, 120_000);
});

/** Plays a world, whose standard checkers look at the contracts, and returns its receipts. */
async function receiptsOf(seed: number): Promise<readonly Receipt[]> {
  const blocks = new Map<number, readonly Receipt[]>();
  const world = drawWorld({ seed, application: "contracts", nodesMax: 5, faultsMs: 8_000 });
  await using network = await createTestNetwork({
    ...world,
    workEveryMs: 100,
    checkers: [
      {
        name: "receipts",
        observe: (observation) => {
          if (observation.type !== "executed") return undefined;
          blocks.set(observation.transition.sequence, observation.receipts);
          return undefined;
        },
      },
    ],
  });
  await network.run(8_000);
  await network.expectProgress({ blocks: 2 });
  return [...blocks.values()].flat();
}

describe("check the checker of contracts", () => {
  test("it accepts the blocks as they are", async () => {
    const { ledger, blocks } = await playedBlocks();

    expect(blocks.flatMap((block) => faultsOf(ledger, [block]))).toEqual([]);
    expect(faultsOf(ledger, blocks)).toEqual([]);
  }, 60_000);

  test.each([
    ["vault", 0x29, "breaks its invariant"],
    ["cell", 0x2a, "breaks its invariant"],
    ["deposits", 0x4b, "are held as deposits"],
  ])(
    "it finds a block that changes the %s by itself",
    async (_, kind, says) => {
      const { ledger, blocks } = await playedBlocks();
      const at = blocks.findIndex(({ transition }) => transition.changes.some(isOf(kind)));
      expect(at).toBeGreaterThanOrEqual(0);

      const spoilt = blocks.map((block, index) => (index === at ? spoil(block, kind) : block));

      expect(faultsOf(ledger, spoilt)[0]).toContain(says);
    },
    60_000,
  );
});

function isOf(kind: number): (change: StateChange) => boolean {
  return ({ key, after }) => key[0] === kind && after !== undefined;
}

/** Adds one to the first changed amount of a kind. */
function spoil({ transition, receipts }: Executed, kind: number): Executed {
  const first = transition.changes.find(isOf(kind));
  const changes = transition.changes.map((change) => {
    if (change !== first || change.after === undefined) return change;
    const after = Uint8Array.from(change.after);
    // The amount of a record begins a holding, and ends a purse or the beginning of a deal.
    const place = kind === 0x2a ? after.length - 1 : 0;
    after[place] = (after[place] ?? 0) ^ 1;
    return { ...change, after };
  });
  return { transition: { ...transition, changes }, receipts };
}

function faultsOf(ledger: Ledger, blocks: readonly Executed[]): readonly string[] {
  const checker = createContractChecker(ledger, TEST_PARAMETERS);
  return blocks.flatMap((block) => {
    return checker.observe({ type: "executed", node: 0, ...block }) ?? [];
  });
}

/** Blocks of a calm world, and the ledger at its genesis. */
async function playedBlocks(): Promise<{
  readonly ledger: Ledger;
  readonly blocks: readonly Executed[];
}> {
  const blocks: Executed[] = [];
  let genesis: Genesis | undefined;
  const kind = {
    ...contracts,
    create: async (of: Genesis) => {
      genesis = of;
      return contracts.create(of);
    },
  };
  await using network = await createTestNetwork({
    nodeCount: 1,
    application: kind,
    seed: 3,
    workEveryMs: 100,
    checkers: [
      {
        name: "blocks",
        observe: (observation) => {
          if (observation.type === "executed") blocks.push(observation);
          return undefined;
        },
      },
    ],
  });
  await network.run(6_000);
  assert(genesis !== undefined, "the world has a genesis");
  const { ledger } = await (await contracts.create(genesis)).createNode()();
  assert(ledger !== undefined, "the application is a ledger");
  return { ledger, blocks };
}
