import { type Proof, toAmount, toDifficulty } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../src/index.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  BuildRefused,
  createWorld,
  invoke,
  type Person,
  person,
  step,
  transfer,
} from "../fixtures/world.ts";

/** Work costs nothing here, so that an account can give away its last micro-token. */
const world = createWorld({
  parameters: {
    creationFee: toAmount(3n),
    resourcePrice: toAmount(0n),
    bytePrice: toAmount(0n),
    invokeBaseFeeMin: toAmount(0n),
    invokeDifficulty: toDifficulty(0),
  },
});
const { alice } = world;
/** Accounts that come and go: nobody else pays them. */
const guests = [0, 1].map((at) => person(`guest ${at}`));

/** Something that fills, empties or uses an account. */
const acts = fc.array(
  fc.record({
    what: fc.constantFrom("fill", "fill", "empty", "empty", "cosign", "replay"),
    who: fc.nat({ max: 1 }),
    amount: fc.bigInt({ min: 1n, max: 200n }),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Sends all that an account has. */
function emptied(state: LedgerState, who: Person): Proof | undefined {
  const { balance, nonce } = accountOf(state, who.id);
  if (balance === 0n) return undefined;
  return transfer(world, who, alice.id, { nonce, feeLimit: 0n, amount: balance });
}

function cosigned(state: LedgerState, who: Person): Proof {
  return invoke(world, alice, {
    nonce: accountOf(state, alice.id).nonce,
    intent: "swap",
    arguments: [
      accountArgument(alice.id),
      accountArgument(who.id),
      amountArgument(1n),
      amountArgument(0n),
    ],
    cosigners: [{ person: who, nonce: accountOf(state, who.id).nonce }],
  });
}

describe("create, empty, refill", () => {
  test("R4: no path makes a used nonce usable again, and no proof is ever in two blocks", () => {
    const seen = { emptied: 0, refilled: 0, replayed: 0, cosigned: 0 };
    fc.assert(
      fc.property(acts, (all) => {
        let { state } = world;
        const used: Proof[] = [];
        const highest = new Map<Person, number>();
        for (const { what, who: at, amount } of all) {
          const who = guests[at] ?? alice;
          const before = accountOf(state, who.id);
          let proof: Proof | undefined;
          if (what === "fill") {
            const { nonce } = accountOf(state, alice.id);
            proof = transfer(world, alice, who.id, { nonce, amount });
          } else if (what === "empty") proof = emptied(state, who);
          else if (what === "cosign") proof = cosigned(state, who);
          else {
            for (const old of used.slice(-4)) {
              expect(() => step(world, state, { proofs: [old] })).toThrow(BuildRefused);
              seen.replayed += 1;
            }
          }
          if (proof === undefined) continue;
          state = step(world, state, { proofs: [proof] }).state;
          used.push(proof);
          const after = accountOf(state, who.id);
          if (what === "cosign") seen.cosigned += 1;
          if (what === "empty" && after.balance === 0n) seen.emptied += 1;
          if (what === "fill" && before.balance === 0n && before.nonce > 0) seen.refilled += 1;
          for (const one of guests) {
            const { nonce } = accountOf(state, one.id);
            expect(nonce).toBeGreaterThanOrEqual(highest.get(one) ?? 0);
            highest.set(one, nonce);
          }
        }
      }),
      { numRuns: 60 },
    );
    for (const [event, count] of Object.entries(seen)) expect(count, event).toBeGreaterThan(5);
  });
});
