import { type Proof, toAmount, toDifficulty, toHex, toResource } from "@aethel/models";
import { DEFAULT_ECONOMICS } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createMempool,
  estimateFee,
  type Guess,
  type Judgement,
  KEY_KIND,
  RESULT_CODES,
} from "../../src/index.ts";
import { judgedAs, standInCertificate, tableJudgement } from "../fixtures/judgements.ts";
import { LIMITS } from "../fixtures/pools.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  type Executed,
  invoke,
  type Person,
  person,
  publish,
  step,
  theorem,
  type World,
} from "../fixtures/world.ts";

const TOKEN = 1_000_000n;
const issuer = toHex(person("person 0").id);
const names = ["A", "B", "C"];

/** A sum of so many terms, which makes a program as long as one likes. */
const sum = (terms: number): string => Array.from({ length: terms }, () => "x").join(" + ");

/** Programs that make one or many entries, short and long ones, and a batch. */
const SOURCE = `
${names.map((name) => `asset ${name} issuer "${issuer}";`).join("\n")}
issue intent issue_all(signer by: Account, to: Account, x: Amount) {
  guard { ${names.map((name) => `supply[${name}] + x <= 18446744073709551615;`).join(" ")} }
  effect { ${names.map((name) => `supply[${name}] += x; to.balance[${name}] += x;`).join(" ")} }
  verify { true; }
}
atomic_batch long_batch {
${[0, 1]
  .map(
    (at) => `  intent long_${at}(signer a: Account, b: Account, x: Amount) {
    guard { a.balance >= x; }
    effect { a.balance -= x; b.balance += x; }
    verify { ${Array.from({ length: 20 }, () => `${sum(45)} >= x;`).join("\n")} }
  }`,
  )
  .join("\n")}
}
`;

const economics = [
  {},
  { creationFee: toAmount(3n * TOKEN), statePrice: toAmount(TOKEN) },
  { invokeBaseFeeMin: toAmount(900_000n), judgedBaseFeeMin: toAmount(900_000n) },
  { invokeDifficulty: toDifficulty(900_000_000) },
];
const rich = [1_000_000n * TOKEN, 1_000_000n * TOKEN, 1_000_000n * TOKEN];
const worlds: readonly World[] = economics.map((some) =>
  createWorld({
    source: SOURCE,
    balances: rich,
    parameters: { ...DEFAULT_ECONOMICS, minimumStake: toAmount(TOKEN), ...some },
  }),
);

/** Gift of a call, and its recipient. */
interface Drawn {
  readonly intent: string;
  readonly to: number;
  readonly amount: bigint;
  readonly tip: bigint;
  readonly resourceLimit: number;
}

const calls: fc.Arbitrary<Drawn> = fc.record({
  intent: fc.constantFrom("transfer", "stake", "swap", "issue_all", "long_batch"),
  to: fc.nat({ max: 3 }),
  amount: fc.bigInt({ min: 1n, max: 5n * TOKEN }),
  tip: fc.bigInt({ min: 0n, max: 100_000n }),
  resourceLimit: fc.constantFrom(2_000, 20_000, 1_000_000),
});

function call(world: World, drawn: Drawn, feeLimit: bigint): Proof {
  const { alice, bob, carol } = world;
  const { intent, amount } = drawn;
  const to: Person = [alice, bob, carol, person("nobody yet")][drawn.to] ?? bob;
  const [from, other, x] = [
    accountArgument(alice.id),
    accountArgument(to.id),
    amountArgument(amount),
  ];
  const cosigners = intent === "swap" && to !== alice ? [{ person: to, nonce: 0 }] : [];
  const given = {
    transfer: [from, other, x],
    stake: [from, x],
    swap: [from, other, x, amountArgument(0n)],
    issue_all: [from, other, x],
    long_batch: [from, other, x, from, other, x],
  }[intent];
  return invoke(world, alice, { ...drawn, nonce: 0, feeLimit, cosigners, arguments: given ?? [] });
}

/** Submits a proof with the limit that was quoted, and executes it if the mempool has taken it. */
function settle(world: World, proof: Proof, judge = tableJudgement): Executed {
  const pool = createMempool({ state: world.state, ...world.tools, limits: LIMITS });
  const added = pool.add(proof);
  expect(added).toMatchObject({ type: "accepted" });
  return step(world, world.state, { proofs: [proof], judge });
}

/** Outcomes of which a higher limit would have made something else. */
const SHORT = ["burn-floor", "certificate-fee", "state-fee"].map(
  (code) => RESULT_CODES[code as keyof typeof RESULT_CODES],
);

describe("a quoted fee limit suffices", () => {
  test("for calls: the mempool takes them, and no block finds it short", () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(calls, fc.nat({ max: worlds.length - 1 }), (drawn, at) => {
        const world = worlds[at];
        if (world === undefined) return;
        const { programs } = world.tools;
        const { body } = call(world, drawn, 0n);
        const { feeLimit, charge } = estimateFee(world.state, body, { programs });
        const { results, receipts } = settle(world, call(world, drawn, feeLimit));
        const { outcome, errorCode } = results[0] ?? {};
        const fee = receipts[0]?.fee ?? 0n;

        expect(SHORT).not.toContain(errorCode);
        expect(fee).toBe(charge.expected);
        expect(feeLimit).toBeLessThanOrEqual(4n * charge.most);
        const kind = `${drawn.intent} ${outcome}`;
        seen[kind] = (seen[kind] ?? 0) + 1;
      }),
      { numRuns: 150 },
    );
    for (const intent of ["transfer", "stake", "swap", "issue_all", "long_batch"]) {
      expect(seen[`${intent} applied`], intent).toBeGreaterThan(0);
    }
  });

  test("at four times the base fee, and for no more than that", () => {
    const [quoting, dear, dearer] = [1n, 4n, 6n].map((times) => {
      const floor = toAmount(times * 900_000n);
      const floors = {
        minimumStake: toAmount(TOKEN),
        invokeBaseFeeMin: floor,
        judgedBaseFeeMin: floor,
      };
      return createWorld({
        source: SOURCE,
        balances: rich,
        parameters: { ...DEFAULT_ECONOMICS, ...floors },
      });
    });
    fc.assert(
      fc.property(calls, (drawn) => {
        if (quoting === undefined || dear === undefined || dearer === undefined) return;
        const { body } = call(quoting, { ...drawn, tip: 0n }, 0n);
        const { feeLimit } = estimateFee(quoting.state, body, quoting.tools);
        settle(dear, call(dear, { ...drawn, tip: 0n }, feeLimit));
        const pool = createMempool({ state: dearer.state, ...dearer.tools, limits: LIMITS });
        expect(pool.add(call(dearer, { ...drawn, tip: 0n }, feeLimit)).type).toBe("refused");
      }),
      { numRuns: 40 },
    );
  });

  test("for publications, whatever their text becomes in the one layout of the language", () => {
    let longest = 0;
    fc.assert(
      fc.property(sources, guesses, (source, { tip, at }) => {
        const world = worlds[at];
        if (world === undefined) return;
        const make = (feeLimit: bigint): Proof =>
          publish(world, world.alice, source, { ...judging, tip, feeLimit });
        const certificate = standInCertificate(new TextEncoder().encode(source));
        const canonical = checkQuote(world, make, { certificate });
        longest = Math.max(longest, canonical / source.length);
      }),
      { numRuns: 60 },
    );
    // What is drawn grows by more than twice, or the property would say little.
    expect(longest).toBeGreaterThan(2.5);
  });

  test("for theorems of any difficulty with a certificate of any length", () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), guesses, (length, { tip, bytes, at }) => {
        const world = worlds[at];
        if (world === undefined) return;
        const make = (feeLimit: bigint): Proof =>
          theorem(world, world.alice, "x".repeat(length), { ...judging, tip, feeLimit });
        checkQuote(world, make, { certificate: new Uint8Array(bytes) });
      }),
      { numRuns: 60 },
    );
  });
});

const judging = { nonce: 0, resourceLimit: 5_000 };

const guesses = fc.record({
  tip: fc.bigInt({ min: 0n, max: 100_000n }),
  bytes: fc.integer({ min: 1, max: 65_536 }),
  at: fc.nat({ max: worlds.length - 1 }),
});

/** Sources as dense as they can be: short statements, uses of long constants, assets, batches. */
const sources: fc.Arbitrary<string> = fc
  .record({
    statement: fc.constantFrom("b;", "K<K;", "b=>b;", "let v=x;v<1;"),
    count: fc.integer({ min: 1, max: 60 }),
    members: fc.integer({ min: 1, max: 4 }),
    isBatch: fc.boolean(),
    assets: fc.nat({ max: 2 }),
  })
  .map(({ statement, count, members, isBatch, assets }) => {
    const declared = names.slice(0, assets);
    const uses = declared.map((name) => `a.balance[${name}]>=0;`).join("");
    const intents = Array.from({ length: members }, (_, at) => {
      const body = Array.from(
        { length: statement.startsWith("let") ? Math.ceil(count / 2) : count },
        (__, line) => statement.replaceAll("v", `v${line}`),
      );
      return `intent i${at}(signer a:Account,b:Bool,x:Amount){verify{${uses}${body.join("")}}}`;
    });
    const text = isBatch ? `atomic_batch t{${intents.join("")}}` : intents.join("");
    const head = declared.map((name) => `asset ${name} issuer "${issuer}";`).join("");
    const constant = statement.includes("K") ? `const K=${2n ** 250n};` : "";
    return `${constant}${head}${text}`;
  });

/**
 * Checks that a judged proof settles with the limit quoted; returns bytes of canonical text kept.
 */
function checkQuote(
  world: World,
  make: (feeLimit: bigint) => Proof,
  { certificate }: { readonly certificate: Uint8Array },
): number {
  const difficulty = toDifficulty(100);
  const said = { ...judgedAs("valid"), difficulty, resource: toResource(5_000), certificate };
  const guess: Guess = { difficulty, certificateBytes: certificate.length };
  const { programs } = world.tools;
  const { feeLimit, charge } = estimateFee(world.state, make(0n).body, { ...guess, programs });
  const done = settle(world, make(feeLimit), (): Judgement => said);
  const fee = done.receipts[0]?.fee ?? 0n;

  expect(done.results[0]?.outcome).toBe("applied");
  expect(fee).toBeLessThanOrEqual(charge.most);
  expect(charge.expected).toBeLessThanOrEqual(charge.most);
  expect(feeLimit).toBeLessThanOrEqual(4n * charge.most);
  return done.transition.changes
    .filter(({ key }) => key[0] === KEY_KIND.intent)
    .reduce((sum, { after }) => sum + (after?.length ?? 0), 0);
}
