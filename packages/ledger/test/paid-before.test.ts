import { type Proof, toAmount, UNITS } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExecutionTools, RESULT_CODES, type Receipt } from "../src/index.ts";
import { leastUnits } from "../src/metering/least-run.ts";
import { createPool } from "./fixtures/pools.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  invoke,
  publish,
  step,
  transfer,
  type World,
} from "./fixtures/world.ts";

const SOURCE = "intent t(signer p: Account) { verify { true; } }";

const world = createWorld({
  balances: [10_000_000_000n, 500_000_000n, 2_000_000n],
  parameters: { resourcePrice: toAmount(1_000_000n) },
});

/**
 * Publishes on a chain whose compiler answers so about what would be stored; how often it was
 * asked.
 */
function published(feeLimit: bigint, isStorable: boolean) {
  let asked = 0;
  const tools: ExecutionTools = {
    ...world.tools,
    programs: {
      ...world.tools.programs,
      isStorable: () => {
        asked += 1;
        return isStorable;
      },
    },
  };
  const on: World = { ...world, tools };
  const proof = publish(on, on.alice, SOURCE, { nonce: 0, feeLimit, resourceLimit: 5_000 });
  const [receipt] = step(on, on.state, { proofs: [proof] }).receipts;
  if (receipt === undefined) throw new Error("one proof is in the block");
  return { receipt, asked };
}

const code = ({ errorCode }: Receipt): number => errorCode;

describe("texts that a publication would store", () => {
  const { receipt: whole } = published(1_000_000n, true);

  test("are compiled only when the fee limit covers the whole record", () => {
    const { receipt, asked } = published(whole.fee - 1n, true);

    expect(code(whole)).toBe(RESULT_CODES.none);
    expect(code(receipt)).toBe(RESULT_CODES["state-fee"]);
    expect(asked).toBe(0);
    // By the leader and by a voter.
    expect(published(whole.fee, true).asked).toBe(2);
  });

  test("are paid for when they turn out not to be storable", () => {
    const { receipt } = published(1_000_000n, false);
    const { receipt: unpaid } = published(whole.fee - 1n, true);
    const [program] = world.tools.programs.compile(new TextEncoder().encode(SOURCE), "published");
    const units = BigInt((program?.canonical.length ?? 0) * UNITS.programByte);

    expect(code(receipt)).toBe(RESULT_CODES["not-storable"]);
    // A micro-token for each unit.
    expect(receipt.fee - unpaid.fee).toBe(units);
  });
});

describe("a resource limit", () => {
  const other = createWorld({
    source: `
    atomic_batch both {
      intent first(signer a: Account, b: Account, x: Amount) {
        guard { a.balance >= x; }
        effect { a.balance -= x; b.balance += x; }
        verify { true; }
      }
      intent second(signer a: Account, b: Account, x: Amount) {
        guard { a.balance >= x; x >= 0; }
        effect { let y = x; a.balance -= y; b.balance += y; }
        verify { true; }
      }
    }
    intent lock(signer a: Account, x: Amount) {
      guard { a.balance >= x; }
      effect { a.balance -= x; a.stake += x; }
      verify { true; }
    }`,
  });
  const { alice, bob } = other;
  const one = [accountArgument(alice.id), accountArgument(bob.id), amountArgument(1n)];
  const same = [accountArgument(alice.id), accountArgument(alice.id), amountArgument(1n)];
  const calls = [
    { intent: "transfer", arguments: one },
    { intent: "transfer", arguments: same },
    { intent: "both", arguments: [...one, ...same] },
    { intent: "both", arguments: [...one, ...one] },
    { intent: "lock", arguments: [accountArgument(alice.id), amountArgument(2_000_000n)] },
  ];
  const callOf = (at: number, resourceLimit: number): Proof =>
    invoke(other, alice, { nonce: 0, resourceLimit, ...(calls[at] as (typeof calls)[number]) });
  const runs = calls.map((_, at) => {
    const proof = callOf(at, 10_000);
    const [receipt] = step(other, other.state, { proofs: [proof] }).receipts;
    return receipt;
  });
  const programs = other.tools.programs.compile(
    other.genesis.intents[0]?.source ?? new Uint8Array(),
    "genesis",
  );

  test("is refused at the door below what any run takes, and no run takes less", () => {
    fc.assert(
      fc.property(fc.nat({ max: calls.length - 1 }), (at) => {
        const call = calls[at];
        const program = programs.find(({ name }) => name === call?.intent);
        if (call === undefined || program === undefined) throw new Error("they are published");
        const least = leastUnits([{ called: program, call }]);
        const run = runs[at];
        expect(run?.outcome).toBe("applied");
        // Of what a run takes only the operands of expressions are left out.
        expect(run?.resource).toBeGreaterThanOrEqual(least);
        expect(run?.resource).toBeLessThanOrEqual(least + 60);

        const answer = (resourceLimit: number) => createPool(other).add(callOf(at, resourceLimit));
        expect(answer(least).type).toBe("accepted");
        expect(answer(least - 1)).toMatchObject({
          code: "resource-limit",
          message: expect.stringContaining(`takes ${least} units at least`),
        });
      }),
      { numRuns: 20 },
    );
  });

  test("that is too low for a run is no reason to refuse a block", () => {
    const proof = transfer(other, alice, bob.id, { nonce: 0, amount: 1n, resourceLimit: 1 });
    const [receipt] = step(other, other.state, { proofs: [proof] }).receipts;

    expect(receipt?.errorCode).toBe(RESULT_CODES["execution-limit"]);
  });
});
