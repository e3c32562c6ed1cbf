import * as spec from "@aethel/fees-page";
import { type Proof, Proof as ProofCodec, toAmount, toDifficulty, UNITS } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  baseFeesOf,
  type LedgerState,
  type Receipt,
  supplyOf,
  TREASURY,
  totalHeld,
} from "../../src/index.ts";
import { intrinsicUnits, programUnits, recordUnits } from "../../src/metering/units.ts";
import { callOf } from "../fixtures/only-call.ts";
import {
  accountOf,
  createWorld,
  type Person,
  person,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

/** Prices that all decide now and then, and a chain on which every rounding shows. */
const world = createWorld({
  balances: [3_000_000_000n, 2_000_000_000n, 1_000_000_000n],
  parameters: {
    resourcePrice: toAmount(77_777n),
    bytePrice: toAmount(1_111n),
    invokeBaseFeeMin: toAmount(300n),
    judgedBaseFeeMin: toAmount(900_001n),
    creationFee: toAmount(7_919n),
    statePrice: toAmount(3_331n),
    burnBasisPoints: 4_567,
    invokeDifficulty: toDifficulty(1_234_567),
    emissionPerSecond: toAmount(40_003n),
    halvingMs: 700,
  },
});
const strangers = [0, 1, 2, 3].map((at) => person(`stranger ${at}`));

const blocks = fc.array(
  fc.array(
    fc.record({
      what: fc.constantFrom("pay", "pay", "prove", "fail"),
      by: fc.nat({ max: 2 }),
      to: fc.nat({ max: 6 }),
      amount: fc.bigInt({ min: 1n, max: 900n }),
      tip: fc.oneof(fc.constant(undefined), fc.bigInt({ min: 0n, max: 9_999n })),
      difficulty: fc.nat({ max: 90_000 }),
    }),
    { maxLength: 3 },
  ),
  { minLength: 2, maxLength: 7 },
);
type Act = typeof blocks extends fc.Arbitrary<readonly (readonly (infer A)[])[]> ? A : never;

const { solverTheoremsMint: _, judge: __, ...numbers } = world.genesis.parameters;
const p = Object.fromEntries(
  Object.entries(numbers).map(([name, value]) => [name, BigInt(value)] as const),
) as spec.Parameters;

const age = (state: LedgerState): bigint =>
  BigInt(state.header.timestamp - world.genesis.timestamp);

function proofOf(act: Act, state: LedgerState, salt: string): readonly [Person, Proof] {
  const by = world.people[act.by] ?? world.alice;
  const { nonce } = accountOf(state, by.id);
  const offer = {
    nonce,
    feeLimit: 90_000_000n,
    ...(act.tip === undefined ? {} : { tip: act.tip }),
  };
  if (act.what === "pay") {
    const to = [...world.people, ...strangers][act.to] ?? world.bob;
    return [by, transfer(world, by, to.id, { ...offer, amount: act.amount })];
  }
  const verdict = act.what === "prove" ? `valid ${act.difficulty}` : "unknown";
  return [by, theorem(world, by, `; ${verdict} ${salt}`, offer)];
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Bytes of the canonical texts of the genesis' intents, by their digests. */
const CANONICAL: ReadonlyMap<string, number> = new Map(
  world.tools.programs
    .compile(world.genesis.intents[0]?.source ?? new Uint8Array(), "genesis")
    .map(({ digest, canonical }) => [hexOf(digest), new TextEncoder().encode(canonical).length]),
);

/** The stand-in certificate of the tests' table says the difficulty. */
const certificateBytes = ({ difficulty }: Receipt): number => `of difficulty ${difficulty}`.length;

/** Room that a proof took, by the page and the table of units. */
function takenBy(proof: Proof, receipt: Receipt, isFirstCall: boolean): spec.Taken {
  const { body } = proof;
  const bytes = ProofCodec.encode(proof).length;
  const form = intrinsicUnits({ body, bytes });
  if (body.type === "invoke") {
    const loaded = isFirstCall ? programUnits(CANONICAL.get(hexOf(callOf(body).intent)) ?? 0) : 0;
    const execution = BigInt(form + receipt.resource + loaded);
    return { lane: "invoke", bytes: BigInt(bytes), execution, judging: 0n };
  }
  const kept = receipt.outcome === "applied" ? certificateBytes(receipt) : 0;
  const record =
    kept === 0 ? 0 : recordUnits({ canonical: 0, certificates: kept, values: 0, keys: 2 });
  return {
    lane: "judged",
    bytes: BigInt(bytes + kept),
    execution: BigInt(form + record),
    judging: BigInt(receipt.resource),
  };
}

/** A block whose proofs are gone through, with what the state had of accounts at each. */
interface Walk {
  readonly times: { readonly from: bigint; readonly until: bigint };
  readonly fees: Readonly<Record<"invoke" | "judged", bigint>>;
  readonly known: Set<string>;
  isFirstCall: boolean;
}

/** Charge of a proof of a block, by the page. */
function chargeOn(walk: Walk, proof: Proof, receipt: Receipt) {
  const { body } = proof;
  const isCall = body.type === "invoke";
  const taken = takenBy(proof, receipt, walk.isFirstCall);
  if (isCall) walk.isFirstCall = false;
  const isApplied = receipt.outcome === "applied";
  const to = isCall ? callOf(body).arguments[1] : undefined;
  const account = to?.type === "account" ? hexOf(to.value) : "";
  const isNew = isApplied && isCall && !walk.known.has(account);
  if (isNew) walk.known.add(account);
  const run = spec.difficultyOfRun(BigInt(receipt.resource), p);
  const difficulty = isCall ? run : BigInt(receipt.difficulty);
  const charged = spec.charge(
    {
      ...walk.times,
      taken,
      difficulty: isApplied ? difficulty : 0n,
      baseFee: walk.fees[taken.lane],
      tip: body.tip ?? 0n,
      entries: isNew ? 1n : 0n,
      kept: isApplied && !isCall ? BigInt(certificateBytes(receipt) + 512) : 0n,
    },
    p,
  );
  const base = (walk.fees[taken.lane] * spec.weight(taken, p) + 999_999n) / 1_000_000n;
  const core = charged.charged - charged.tip - (isNew ? p.creationFee : 0n);
  return { taken, charged, isNew, isBase: core === base };
}

/** Base fees of the next block, from what all proofs took. */
function feesAfter(fees: Walk["fees"], all: readonly spec.Taken[], opened: bigint): Walk["fees"] {
  const { invokeBaseFeeMin, judgedBaseFeeMin } = world.genesis.parameters;
  const floors = { invoke: invokeBaseFeeMin, judged: judgedBaseFeeMin };
  const after = (lane: "invoke" | "judged"): bigint => {
    const own = all.filter((taken) => taken.lane === lane);
    const sum = (of: "bytes" | "execution" | "judging"): bigint =>
      own.reduce((total, taken) => total + taken[of], 0n);
    const taken = {
      lane,
      bytes: sum("bytes"),
      execution: sum("execution"),
      judging: sum("judging"),
    };
    // The growth of the state is never the largest part here.
    return spec.baseFeeAfter(
      fees[lane],
      spec.use({ ...taken, growth: 0n, opened }, p),
      floors[lane],
    );
  };
  return { invoke: after("invoke"), judged: after("judged") };
}

describe("the page against the ledger", () => {
  test("R4: charge, burned and tip of every proof, every base fee and every supply", () => {
    const seen = new Map<string, number>();
    const note = (what: string, isSo = true): void => {
      if (isSo) seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    fc.assert(
      fc.property(blocks, (all) => {
        let { state } = world;
        let burned = 0n;
        for (const [at, acts] of all.entries()) {
          const before = state;
          const authors = new Set<Person>();
          const proofs = acts.flatMap((act, index) => {
            const [by, proof] = proofOf(act, before, `${at} ${index}`);
            const isFirst = !authors.has(by);
            authors.add(by);
            return isFirst ? [proof] : [];
          });
          const done = step(world, before, { proofs });
          state = done.state;
          const accounts = [...before.tree.entries()].filter(({ key }) => key[0] === 1);
          const walk: Walk = {
            times: { from: age(before), until: age(state) },
            fees: baseFeesOf(before.tree),
            known: new Set(accounts.map(({ key }) => hexOf(key.slice(1)))),
            isFirstCall: true,
          };
          const taken: spec.Taken[] = [];
          // Four have voted for each block but the first.
          const votes = before.header.sequence === 0 ? 0 : 4;
          const opened = BigInt(votes * UNITS.signature);
          let banked = 0n;
          for (const [index, receipt] of done.receipts.entries()) {
            const proof = proofs[index];
            if (proof === undefined) throw new Error("each receipt is of a proof");
            const said = chargeOn(walk, proof, receipt);
            const { fee: charged, burned: out, tip } = receipt;
            expect({ charged, burned: out, tip }).toEqual(said.charged);
            note(receipt.outcome);
            note("a new account", said.isNew);
            note("a tip", tip > 0n);
            note("the base fee decides", said.isBase);
            taken.push(said.taken);
            burned += out;
            banked += charged - out - tip;
          }
          expect(baseFeesOf(state.tree)).toEqual(feesAfter(walk.fees, taken, opened));
          const supply = supplyOf(state.tree);
          expect(supply.burned).toBe(burned);
          expect(supply.minted <= spec.schedule(age(state), p)).toBe(true);
          expect(totalHeld(state.tree.entries())).toBe(supply.genesis + supply.minted - burned);
          const balance = (of: LedgerState): bigint => accountOf(of, TREASURY).balance;
          expect(balance(state) - balance(before)).toBe(banked);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 60, seed: 1 },
    );
    const events = ["applied", "unknown", "a new account", "a tip", "the base fee decides"];
    for (const event of events) expect(seen.get(event) ?? 0, event).toBeGreaterThan(3);
  });
});
