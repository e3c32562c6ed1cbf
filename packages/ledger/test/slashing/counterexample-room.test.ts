import {
  CLAIM_BYTES_MAX,
  COUNTEREXAMPLE_BYTES_MAX,
  FalseClaim,
  SOURCE_BYTES_MAX,
} from "@aethel/models";
import {
  type CompiledIntent,
  type Counterexample,
  compileSource,
  confirmCounterexample,
  LANGUAGE_LIMITS,
  type Obligation,
  obligationsOf,
  type TermValue,
} from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EncodedCounterexample,
  encodeCounterexample,
  refutes,
} from "../../src/slashing/counterexample.ts";
import { createWorld, publish, utf8 } from "../fixtures/world.ts";

/** Form of a source of one intent, `lie`, that creates a micro-token or declares too little. */
interface Shape {
  readonly accounts: number;
  /** Accounts of which the intent reads no field. The first account is never one. */
  readonly untouched: number;
  readonly numbers: readonly ("Amount" | "Int" | "Bool")[];
  readonly assets: number;
  readonly readsStake: boolean;
  readonly readsSupplies: boolean;
  readonly readsSequence: boolean;
  readonly nameLength: number;
}

const ISSUER = "3214da7a6062fb823e93abbd782f953b836d8e399e02c8c59120852dae8486ac";

function sourceOf(shape: Shape): string {
  const word = (what: string, at: number): string =>
    `${what}${at}`.padEnd(Math.min(shape.nameLength, LANGUAGE_LIMITS.nameLength), "x");
  const accounts = Array.from({ length: shape.accounts }, (_, at) => word("a", at));
  const assets = Array.from({ length: shape.assets }, (_, at) => word("T", at));
  const touched = accounts.filter((_, at) => at === 0 || at >= 1 + shape.untouched);
  const [first = ""] = accounts;
  const numbers = shape.numbers.map((type, at) => `${word("n", at)}: ${type}`);
  const guards = [
    `${first}.balance < 5;`,
    ...touched.map((name) => `${name}.balance >= 0;`),
    ...assets.map((asset) => `${first}.balance[${asset}] >= 0;`),
    ...(shape.readsStake ? [`${first}.stake >= 0;`] : []),
    ...(shape.readsSupplies ? assets.map((asset) => `supply[${asset}] >= 0;`) : []),
    ...(shape.readsSequence ? ["sequence >= 0;"] : []),
    // The run refutes only if the encoding says which of the accounts are one.
    ...accounts.slice(1, 1 + shape.untouched).map((name) => `${name} == ${accounts[1]};`),
  ];
  // A block has at most 64 statements, so many conditions share one.
  const half = Math.ceil(guards.length / 40);
  const joined = Array.from({ length: Math.ceil(guards.length / half) }, (_, at) =>
    guards
      .slice(at * half, (at + 1) * half)
      .map((one) => one.slice(0, -1))
      .join(" && "),
  );
  const parameters = [...accounts.map((name) => `signer ${name}: Account`), ...numbers];
  return `${assets.map((asset) => `asset ${asset} issuer "${ISSUER}";`).join("\n")}
intent lie(${parameters.join(", ")}) {
  guard { ${joined.join("; ")}; }
  effect { ${first}.balance += 1; }
  verify { true; }
}`;
}

function compiledOf(source: string): {
  readonly intent: CompiledIntent;
  readonly broken: Obligation;
} {
  const compiled = compileSource(source);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  const intent = compiled.intents[0];
  const broken = intent && obligationsOf(intent).find(({ kind }) => kind === "conservation");
  if (intent === undefined || broken === undefined) throw new Error("the source creates money");
  return { intent, broken };
}

/** Number of the account of each account parameter: equal numbers are one account. */
type Aliases = readonly number[];

/** Run of the intent as a Judge shows it. */
function shownOf(source: string, aliases: Aliases, amounts: readonly bigint[]): Counterexample {
  const { intent, broken } = compiledOf(source);
  const accounts = new Map(
    intent.parameters
      .filter(({ type }) => type === "Account")
      .map(({ name }, at) => [name, aliases[at] ?? 0]),
  );
  const valueOf = (key: string, at: number): TermValue => {
    const [what = "", whose = ""] = key.split(" ");
    const type = intent.parameters.find(({ name }) => name === whose)?.type;
    if (what === "argument" && type === "Account") return BigInt(accounts.get(whose) ?? 0);
    if (what === "argument" && type === "Bool") return at % 2 === 0;
    if (what === "argument" && type === "Int")
      return at % 2 === 0 ? 2n ** 127n - 1n : 1n - 2n ** 127n;
    if (what === "argument") return 2n ** 64n - 1n;
    if (what === "supply") return 2n ** 64n - 1n;
    if (what === "sequence") return 2n ** 53n - 1n;
    // One account has one amount, by whichever of its names.
    return amounts[accounts.get(whose) ?? 0] ?? 0n;
  };
  const values = new Map([...broken.observed.keys()].map((key, at) => [key, valueOf(key, at)]));
  const shown = confirmCounterexample(intent, broken, values);
  if (shown === undefined) throw new Error("the run refutes the source");
  return shown;
}

const counts = fc.integer({ min: 1, max: 16 }).chain((accounts) =>
  fc.record({
    accounts: fc.constant(accounts),
    untouched: fc.nat({ max: accounts - 1 }),
    numbers: fc.array(fc.constantFrom("Amount", "Int", "Bool"), { maxLength: 16 - accounts }),
  }),
);
const shapes: fc.Arbitrary<Shape> = fc
  .record({
    counts,
    assets: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: LANGUAGE_LIMITS.constants })),
    readsStake: fc.boolean(),
    readsSupplies: fc.boolean(),
    readsSequence: fc.boolean(),
    nameLength: fc.constantFrom(1, 30, 64),
  })
  .map(({ counts: drawn, ...rest }) => ({ ...drawn, ...rest }));

/** Form of a source that observes more than any other. */
const GREATEST: Shape = {
  accounts: LANGUAGE_LIMITS.parameters,
  untouched: 0,
  numbers: [],
  assets: LANGUAGE_LIMITS.constants,
  readsStake: true,
  readsSupplies: true,
  readsSequence: true,
  nameLength: LANGUAGE_LIMITS.nameLength,
};

const distinct = Array.from({ length: 16 }, (_, at) => at);
const four = Array.from({ length: 16 }, () => 4n);

describe("evidence of a false claim", () => {
  test("has room for each run that refutes a source, whatever the source observes", () => {
    const aliases = fc.oneof(
      fc.constant(distinct),
      fc.array(fc.nat({ max: 3 }), { minLength: 16, maxLength: 16 }),
    );
    const amounts = fc.oneof(
      fc.constant(four),
      fc.array(fc.bigInt({ min: 0n, max: 2n ** 58n }), { minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(shapes, aliases, amounts, (shape, drawn, held) => {
        const source = sourceOf(shape);
        // The first account may be created money only below 5, and the untouched ones are one.
        const same = drawn.map((alias, at) => (at > 0 && at <= shape.untouched ? 15 : alias));
        const first = same[0] ?? 0;
        const shown = shownOf(source, same, held.with(first, 4n));
        const encoded = encodeCounterexample(utf8(source), { counterexample: shown });
        expect(encoded).toBeDefined();
        expect(refutes(utf8(source), encoded ?? new Uint8Array())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("has room for the source that observes most, and for no value more", () => {
    const source = sourceOf(GREATEST);
    const encoded = encodeCounterexample(utf8(source), {
      counterexample: shownOf(source, distinct, four),
    });
    const run = EncodedCounterexample.decode(encoded ?? new Uint8Array());
    expect(run.arguments).toHaveLength(16);
    expect(run.state).toHaveLength(16 * 66 + 64 + 1);
    expect(encoded).toHaveLength(EncodedCounterexample.maxBytes);
    expect(EncodedCounterexample.maxBytes).toBeLessThanOrEqual(COUNTEREXAMPLE_BYTES_MAX);
  });

  test("has room for the longest source with the longest counterexample and paths", () => {
    const world = createWorld();
    const path = { index: 0, count: 1, path: Array.from({ length: 14 }, () => world.chain) };
    const { body, signatures } = publish(world, world.alice, "", { nonce: 0 });
    const proof = { body: { ...body, source: new Uint8Array(SOURCE_BYTES_MAX) }, signatures };
    const claim = FalseClaim.encode({
      proof: proof as typeof proof & Parameters<typeof FalseClaim.encode>[0]["proof"],
      proofPath: path,
      entries: [0, 1].map(() => ({ entry: new Uint8Array(256), path })),
      counterexample: new Uint8Array(EncodedCounterexample.maxBytes),
    });
    expect(claim.length).toBeLessThanOrEqual(CLAIM_BYTES_MAX);
  });

  test("one with a value missing or of another type is none, and throws nothing", () => {
    const source = sourceOf({ ...GREATEST, accounts: 3, assets: 2, numbers: ["Amount", "Bool"] });
    const shown = shownOf(source, distinct, four);
    const amounts = fc.constantFrom(
      "0",
      "-1",
      String(2n ** 64n),
      String(2n ** 128n),
      String(2n ** 1_000n),
    );
    fc.assert(
      fc.property(fc.nat({ max: 2 }), amounts, fc.boolean(), (at, amount, isMissing) => {
        const accounts = shown.accounts.map((account, index) =>
          index === at
            ? { ...account, before: isMissing ? {} : { ...account.before, balance: amount } }
            : account,
        );
        const encoded = encodeCounterexample(utf8(source), {
          counterexample: { ...shown, accounts },
        });
        expect(encoded === undefined).toBe(isMissing || amount !== "0");
      }),
    );
    const wide = shown.arguments.map((one) =>
      one.type === "Amount" ? { ...one, value: String(2n ** 200n) } : one,
    );
    expect(
      encodeCounterexample(utf8(source), { counterexample: { ...shown, arguments: wide } }),
    ).toBeUndefined();
    expect(
      encodeCounterexample(utf8(source), { counterexample: { ...shown, supplies: [] } }),
    ).toBeUndefined();
  });
});
