import { type Proof, toAmount, toDifficulty, toResource, UNITS } from "@aethel/models";
import { encodeCertificate } from "@aethel/verifier/certificate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beginBlock,
  type ExecutionTools,
  type Judged,
  type Mempool,
  type Programs,
} from "../../src/index.ts";
import { mostUnits, unitsForProofs } from "../../src/metering/shares.ts";
import { intrinsicUnits, programUnits } from "../../src/metering/units.ts";
import { judgedAs } from "../fixtures/judgements.ts";
import { openingOn, votedBy } from "../fixtures/large-set.ts";
import { createPool } from "../fixtures/pools.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  invoke,
  type Person,
  publish,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const RICH = 1_000_000_000_000n;
const MANY = 280;

/** A batch of a text as long as any, which runs in a moment: its names are long. */
const NAME = "n".repeat(60);
const LONG = `${NAME}>=${NAME};`.repeat(62);
const MEMBERS = 7;
const heavySource = `atomic_batch heavy {${Array.from(
  { length: MEMBERS },
  (_, at) => `intent h${at}(signer a:Account,${NAME}:Amount){guard{${LONG}}verify{true;}}`,
).join("")}}`;

const world = createWorld({
  balances: Array.from({ length: MANY + 3 }, () => RICH),
  source: heavySource,
  parameters: {
    blockUnitsMax: toResource(4_000_000),
    blockBytesMax: 2_097_152,
    stateGrowthMax: 2_097_152,
    statePrice: toAmount(1n),
    resourcePrice: toAmount(1n),
    bytePrice: toAmount(1n),
  },
});
const tools = { ...world.tools, checkProof: () => undefined, verifySigned: () => true };
const one = step(world, world.state).state;
const people = world.people.slice(3);
const [author] = people as [Person];

/**
 * Batches of long texts: what is stored of them is longer than the source, or its certificate is.
 */
const publication = fc.record({
  kind: fc.constant("publish"),
  intents: fc.constantFrom(1, 20, 64, 64),
  depth: fc.constantFrom(0, 0, 3, 6),
  clauses: fc.constantFrom(1, 10, 60),
  certificate: fc.constantFrom(10, 10_000, 400_000, 990_000),
});
const claim = fc.record({
  kind: fc.constant("theorem"),
  text: fc.constantFrom(10, 1_048_000),
  certificate: fc.constantFrom(10, 999_000),
});
const call = fc.record({
  kind: fc.constant("call"),
  program: fc.constantFrom("transfer", "heavy"),
  /** Units that a call may take. */
  part: fc.constantFrom(0.01, 0.5, 1),
});
type Kind =
  | { kind: "publish"; intents: number; depth: number; clauses: number; certificate: number }
  | { kind: "theorem"; text: number; certificate: number }
  | { kind: "call"; program: string; part: number; tip?: bigint };
const kinds: fc.Arbitrary<Kind> = fc.oneof(publication, claim, call) as fc.Arbitrary<Kind>;

const sum = (depth: number): string => {
  let text = "x";
  for (let at = 0; at < depth; at++) text = `(${text}+${text})`;
  return text;
};

function sourceOf({ intents, depth, clauses }: Extract<Kind, { kind: "publish" }>, salt: number) {
  // An intent has 2,048 nodes at most.
  const most = Math.floor(900 / 2 ** (depth + 1));
  const body = `${sum(depth)}>=x;`.repeat(Math.min(clauses, most));
  const all = Array.from(
    { length: intents },
    (_, at) =>
      `intent m${salt}_${at}(signer a:Account,x:Amount){guard{x>${salt};${body}}verify{${body}}}`,
  );
  const room = Math.floor(65_000 / (all[0]?.length ?? 1));
  return { source: all.slice(0, Math.max(1, room)).join("\n").padEnd(65_536), count: room };
}

/** A proof of a kind, and what the Judge will say of it. */
function proofOf(kind: Kind, by: Person, salt: number): readonly [Proof, Judged] {
  const offer = { nonce: 0, feeLimit: RICH / 2n };
  const said = { ...judgedAs("valid"), resource: toResource(10_000) };
  if (kind.kind === "call") {
    const given =
      kind.program === "heavy"
        ? Array.from({ length: MEMBERS }, () => [accountArgument(by.id), amountArgument(1n)]).flat()
        : [accountArgument(by.id), accountArgument(world.bob.id), amountArgument(1n)];
    const shape = { ...offer, tip: kind.tip ?? 0n, intent: kind.program, arguments: given };
    const bare = invoke(world, by, shape).body;
    const own = intrinsicUnits({ body: bare, bytes: 1_000 });
    const most = mostUnits(bare, world.genesis.parameters) - own;
    const resourceLimit = Math.max(2_000, Math.floor(most * kind.part));
    return [invoke(world, by, { ...shape, resourceLimit }), said];
  }
  const shape = { ...offer, resourceLimit: 20_000 };
  if (kind.kind === "theorem") {
    const proof = theorem(world, by, `${salt}`.padEnd(kind.text), shape);
    return [proof, { ...said, certificate: new Uint8Array(kind.certificate) }];
  }
  const { source } = sourceOf(kind, salt);
  const count = source.split("intent ").length - 1;
  const rows = Array.from({ length: count }, () => [new Uint8Array(kind.certificate / count)]);
  return [publish(world, by, source, shape), { ...said, certificate: encodeCertificate(rows) }];
}

function fill(pool: Mempool, proofs: readonly (readonly [Proof, Judged])[]): void {
  const answers = new Map(proofs);
  for (const [proof] of proofs) {
    const added = pool.add(proof);
    if (added.type === "refused") throw new Error(`${added.code}: ${added.message}`);
  }
  for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
    const answer = answers.get(next.proof);
    if (answer !== undefined) pool.settle(next, answer);
  }
}

const LARGE = { countMax: 10_000, bytesMax: 1e9, waitingMax: 1e6 };

/** Tools that note each source that is compiled. */
function counting() {
  const compiled: Uint8Array[] = [];
  const { programs } = tools;
  const counted: Programs = {
    ...programs,
    compile: (source, origin) => {
      compiled.push(source);
      return programs.compile(source, origin);
    },
  };
  return { compiled, tools: { ...tools, programs: counted } };
}

/** Fills the next block as a leader does. */
function lead(pool: Mempool, by: ExecutionTools = tools) {
  const begun = beginBlock(one, openingOn(one), by);
  if (begun.type === "defect") throw new Error(begun.code);
  const taken: Proof[] = [];
  const serving = pool.serve(begun.run.room);
  for (let next = serving.next(); next !== undefined; next = serving.next()) {
    const refusal = begun.run.add(next.proof, next.judgement);
    if (refusal === undefined) {
      taken.push(next.proof);
      serving.taken();
    } else serving.skipped(refusal.code === "block-full" ? "full" : "refused", refusal.needs);
  }
  return { taken, left: begun.run.room.left() };
}

/** A publication whose record takes more than its form, and two of which no block has room for. */
const BULKY = { kind: "publish", intents: 64, depth: 0, clauses: 60, certificate: 64 } as const;

const QUARTER = { kind: "call", program: "transfer", part: 1, tip: 1_000n } as const;

describe("a leader", () => {
  const poolOf = () => createPool({ ...world, tools, state: one }, LARGE);

  test("compiles in vain for a part of the block at most, and each publication once", () => {
    const pool = poolOf();
    const all = people.slice(0, 14).map((by, at) => proofOf(BULKY, by, at));
    const small = people.slice(60, 70).map((by, at) => {
      const [proof, said] = proofOf({ kind: "theorem", text: 10, certificate: 10 }, by, 100 + at);
      return [proof, { ...said, difficulty: toDifficulty(1) }] as const;
    });
    fill(pool, [...all, ...small]);
    const known = new Set<Uint8Array>();
    for (let attempt = 0; attempt < 3; attempt++) {
      const { compiled, tools: counted } = counting();
      const { taken } = lead(pool, counted);
      expect(taken.filter(({ body }) => body.type === "theorem")).toHaveLength(10);
      const included = new Set(
        taken.flatMap(({ body }) => (body.type === "publish" ? body.source : [])),
      );
      const vain = compiled.filter((source) => !included.has(source));
      expect(vain.some((source) => known.has(source))).toBe(false);
      expect(vain.length * 65_536).toBeLessThanOrEqual(4_000_000 / 4 / UNITS.sourceByte + 65_536);
      for (const source of vain) known.add(source);
    }
    expect(known.size).toBeGreaterThan(3);
  });

  test("goes on to smaller calls behind any number of those that reserve too much", () => {
    const pool = poolOf();
    const quarter = people.slice(0, 250).map((by, at) => proofOf(QUARTER, by, at));
    fill(pool, quarter);
    for (const by of people.slice(250)) {
      const shape = { nonce: 0, amount: 1n, feeLimit: RICH / 2n, resourceLimit: 700 };
      expect(pool.add(transfer(world, by, world.bob.id, shape)).type).toBe("accepted");
    }
    const { taken, left } = lead(pool);

    expect(taken.filter(({ body }) => body.resourceLimit === 700)).toHaveLength(MANY - 250);
    // So those in front filled the block as far as their limits let them.
    expect(left.units).toBeLessThan(1_000_000);
  });
});

describe("a proof that the mempool takes", () => {
  test("fits into a block of its own, whatever it is, however many have voted", () => {
    const sizes = [4, 1_500, 5_000].map((size) => votedBy(size, one));
    fc.assert(
      fc.property(kinds, fc.nat({ max: 2 }), (kind, at) => {
        const state = sizes[at] ?? one;
        const pool = createPool(
          { ...world, tools, state: { ...state, previousSet: one.previousSet } },
          LARGE,
        );
        fill(pool, [proofOf(kind, author, 1)]);
        const begun = beginBlock(state, openingOn(state), tools);
        if (begun.type === "defect") throw new Error(begun.code);
        const serving = pool.serve(begun.run.room);
        const next = serving.next();
        if (next === undefined) throw new Error("it is offered");
        expect(begun.run.add(next.proof, next.judgement)?.message).toBeUndefined();
      }),
      { numRuns: 24 },
    );
  });

  test("has that room by the bounds that a chain may choose", () => {
    const chain = fc.integer({ min: 4_000_000, max: 20_000_000 });
    fc.assert(
      fc.property(chain, fc.nat({ max: 30_000_000 }), (blockUnitsMax, opened) => {
        const of = { blockUnitsMax: toResource(blockUnitsMax) };
        const left = unitsForProofs(blockUnitsMax, opened);
        const most = (type: "invoke" | "publish"): number => mostUnits({ type }, of);
        expect(most("publish")).toBeLessThanOrEqual(left);
        expect(most("invoke") + programUnits(65_536)).toBeLessThanOrEqual(left);
      }),
    );
  });
});
