import type { Receipt } from "@aethel/ledger";
import {
  assert,
  type Difficulty,
  ledgerHeader,
  toAmount,
  toDifficulty,
  withLedgerHeader,
} from "@aethel/models";
import { beforeAll, describe, expect, test } from "vitest";
import type { Observation } from "../../src/checkers/checker.ts";
import { createMintingChecker } from "../../src/checkers/minting.ts";
import { createTestNetwork, TEST_PARAMETERS } from "../../src/index.ts";

type Executed = Extract<Observation, { readonly type: "executed" }>;
type Applied = Extract<Observation, { readonly type: "applied" }>;

/** One block of a node in a real world, and its effect. */
interface Step {
  readonly executed: Executed;
  readonly applied: Applied;
}

let steps: readonly Step[];

beforeAll(async () => {
  steps = await liveOneNode();
});

describe("the minting checker", () => {
  test("does not object to a real chain, which has proofs of each trust", () => {
    expect(faultIn(steps)).toBeUndefined();
    const trusts = new Set(steps.flatMap(({ executed }) => executed.receipts.map(trustOf)));
    expect(trusts).toEqual(new Set(["certified", "solver", "none"]));
    expect(steps.some(({ executed }) => executed.transition.minted > 0n)).toBe(true);
  });

  test("objects to a header that counts a theorem of the solver's", () => {
    const spoilt = spoilWhere(isBySolver, (step, { difficulty }) => ({
      ...step,
      applied: withDifficulty(step.applied, (total) => total + difficulty),
    }));
    expect(faultIn(spoilt)).toContain("applied a difficulty of");
    expect(faultIn(spoilt, { solverTheoremsMint: true })).toBeDefined();
  });

  test("objects to a header that leaves out certified difficulty, or a unit of it", () => {
    const spoilt = spoilWhere(isCertified, (step) => ({
      ...step,
      applied: withDifficulty(step.applied, (total) => total - 1),
    }));
    expect(faultIn(spoilt)).toContain("its receipts count");
  });

  test("objects to a receipt that calls the solver's theorem certified", () => {
    const spoilt = spoilWhere(isBySolver, (step, bySolver) => ({
      ...step,
      executed: withReceipts(step.executed, (one) =>
        one === bySolver ? { ...one, trust: "certified" } : one,
      ),
    }));
    expect(faultIn(spoilt)).toContain("its receipts count");
  });

  test("objects to a micro-token more than the parent's difficulty is worth", () => {
    const at = steps.findIndex(({ applied }) => difficultyOf(applied) === 0);
    const next = steps[at + 1];
    assert(next !== undefined, "a block counts nothing, and another follows");
    const { transition } = next.executed;
    const minted = toAmount(transition.minted + 1n);
    const executed = { ...next.executed, transition: { ...transition, minted } };
    expect(faultIn(steps.with(at + 1, { ...next, executed }))).toContain("minted 1 at sequence");
  });

  test("follows the chain: where the solver's word mints, its theorems must be counted", () => {
    expect(faultIn(steps, { solverTheoremsMint: true })).toContain("its receipts count");
  });
});

function faultIn(
  of: readonly Step[],
  change: Partial<typeof TEST_PARAMETERS> = {},
): string | undefined {
  const { observe } = createMintingChecker({ ...TEST_PARAMETERS, ...change });
  for (const { executed, applied } of of) {
    const fault = observe(executed) ?? observe(applied);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const trustOf = ({ trust }: Receipt): string => trust;
const isBySolver = (one: Receipt): boolean => one.trust === "solver" && one.outcome === "applied";
const isCertified = (one: Receipt): boolean =>
  one.trust === "certified" && one.outcome === "applied" && one.difficulty > 0;

/** Changes the first block that has such a receipt. */
function spoilWhere(
  has: (receipt: Receipt) => boolean,
  spoil: (step: Step, receipt: Receipt) => Step,
): readonly Step[] {
  const at = steps.findIndex(({ executed }) => executed.receipts.some(has));
  const step = steps[at];
  const receipt = step?.executed.receipts.find(has);
  assert(step !== undefined && receipt !== undefined, "the world has such a proof");
  return steps.with(at, spoil(step, receipt));
}

function difficultyOf({ finalized }: Applied): Difficulty {
  return ledgerHeader(finalized.block.header).totalDifficulty;
}

function withDifficulty(applied: Applied, change: (total: number) => number): Applied {
  const { finalized } = applied;
  const totalDifficulty = toDifficulty(change(difficultyOf(applied)));
  const header = withLedgerHeader(finalized.block.header, { totalDifficulty });
  const block = { ...finalized.block, header };
  return { ...applied, finalized: { ...finalized, block } };
}

function withReceipts(executed: Executed, change: (one: Receipt) => Receipt): Executed {
  return { ...executed, receipts: executed.receipts.map(change) };
}

async function liveOneNode(): Promise<readonly Step[]> {
  const seen: Step[] = [];
  let executed: Executed | undefined;
  await using network = await createTestNetwork({
    nodeCount: 4,
    seed: 3,
    workEveryMs: 400,
    checkers: [
      {
        name: "collector",
        observe: (observation) => {
          if (observation.node !== 0) return undefined;
          if (observation.type === "executed") executed = observation;
          if (observation.type !== "applied") return undefined;
          assert(executed !== undefined, "it is told what a block did before it is applied");
          seen.push({ executed, applied: observation });
          return undefined;
        },
      },
    ],
  });
  await network.run(30_000);
  return seen;
}
