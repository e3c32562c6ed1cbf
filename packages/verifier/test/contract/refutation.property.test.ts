import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stateOf } from "../../src/contract/counterexample/concrete.ts";
import { encodeRun, type RefutingRun } from "../../src/contract/counterexample/encoded-run.ts";
import { STATEMENT_KINDS } from "../../src/contract/counterexample/statement.ts";
import { holdingKey } from "../../src/contract/encoder/symbolic-state.ts";
import { runCall } from "../../src/contract/execution/run-call.ts";
import type { TypedContract } from "../../src/contract/typed/typed-contract.ts";
import { none } from "../../src/contract/typed/values.ts";
import { createJudge, type Judged, refutesContract } from "../../src/index.ts";
import { callsOf, randomAccounts } from "./arbitrary-call.ts";
import { EXIT_TRAPS } from "./oracle/exit-traps.ts";
import { explore } from "./oracle/explore.ts";
import { contractOf } from "./oracle/judged-contract.ts";
import { RULE_TRAPS } from "./oracle/rule-traps.ts";
import { edited } from "./oracle/trap-sources.ts";

const library = new URL("../../library/contracts/", import.meta.url);

function sourcesIn(folder: URL): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ae"));
  return new Map(files.map((file) => [file, readFileSync(new URL(file, folder), "utf8")]));
}

const valid = new Map(
  [...sourcesIn(library)].map(([name, source]) => [name, contractOf(source)] as const),
);
const attacks = sourcesIn(new URL("attacks/", library));
const traps = [...RULE_TRAPS, ...EXIT_TRAPS].map((trap) => ({
  ...trap,
  faulty: edited(trap.source, trap.fault),
  repaired: edited(trap.source, [...trap.fault, ...trap.repair]),
}));

/** Contracts that are refuted without a run: by their state at publication, or by their form. */
const BY_FORM = {
  initial: `contract broken { state { n: Int = 1; } invariant none_yet: n == 0;
    intent keep() { guard { n == 0; } effect { n = 0; } } }`,
  "no coverage": `contract vague { state { n: Int; }
    intent give(signer a: Account) {
      guard { a.balance >= 1; vault.balance < 9; } effect { a.balance -= 1; vault.balance += 1; }
    } }`,
} as const;

const judged = new Map<string, Judged>();
beforeAll(async () => {
  await using judge = await createJudge({ workers: 2 });
  const sources = [...attacks.values(), ...traps.map(({ faulty }) => faulty)];
  const all = [...sources, ...Object.values(BY_FORM)];
  await Promise.all(
    all.map(async (source) => {
      const judgement = await judge.check({
        type: "publish",
        source: new TextEncoder().encode(source),
      });
      if (judgement.type === "judged") judged.set(source, judgement);
    }),
  );
}, 120_000);

function refutationOf(source: string): Uint8Array {
  const { verdict, refutation, reason } = judged.get(source) ?? {};
  expect(verdict, reason).toBe("refuted");
  if (refutation === undefined) throw new Error(`no refutation of: ${source}`);
  return refutation;
}

describe("the refutation of a contract", () => {
  test("comes with every refuted attack on the library, and plain evaluation confirms it", () => {
    for (const source of attacks.values()) {
      const refutation = refutationOf(source);
      expect(refutesContract(contractOf(source), refutation)).toBe(true);
      expect(refutation.length).toBeLessThan(4_000);
    }
  });

  test("is confirmed of a trap, and not of its repair", () => {
    for (const { name, faulty, repaired } of traps) {
      // Judges need not refute what they cannot prove.
      if (judged.get(faulty)?.verdict !== "refuted") continue;
      const refutation = refutationOf(faulty);
      expect(refutesContract(contractOf(faulty), refutation), name).toBe(true);
      expect(refutesContract(contractOf(repaired), refutation), name).toBe(false);
    }
  });

  test.each(Object.entries(BY_FORM))("needs no run: %s", (_name, source) => {
    const contract = contractOf(source);
    const refutation = refutationOf(source);
    expect(refutesContract(contract, refutation)).toBe(true);
    for (const other of valid.values()) expect(refutesContract(other, refutation)).toBe(false);
  });

  test("is never one of a proved contract, whatever its bytes", () => {
    const bytes = [...attacks.values(), ...traps.map(({ faulty }) => faulty)].flatMap((source) => {
      const { refutation } = judged.get(source) ?? {};
      return refutation === undefined ? [] : [refutation];
    });
    const changes = fc.array(fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) }), {
      maxLength: 4,
    });
    const cases = fc.record({
      contract: fc.constantFrom(...valid.values()),
      from: fc.constantFrom(...bytes, new Uint8Array()),
      changes,
      cut: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(cases, ({ contract, from, changes: all, cut }) => {
        const changed = Uint8Array.from(from).subarray(0, Math.max(0, from.length - cut));
        for (const { at, to } of all) if (changed.length > 0) changed[at % changed.length] = to;
        expect(refutesContract(contract, changed)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is no run in which accounts hold more than the ledger has", () => {
    let overflows = 0;
    const most = (1n << 64n) - 1n;
    for (const contract of valid.values()) {
      for (const { intent, concrete } of explore(contract, { states: 40, edges: 400 }, () => 0)) {
        const rich = (fields: ReadonlyMap<string, bigint>) =>
          new Map([...fields.keys()].map((key) => [key, key === "stake" ? 0n : most] as const));
        const holdings = new Map(
          [...concrete.holdings].flatMap(([account, fields]) =>
            account === none ? [] : [[account, rich(fields)] as const],
          ),
        );
        const { state, supplies } = concrete;
        const call = { ...concrete.call, state: stateOf(contract, state, { holdings, supplies }) };
        overflows += runCall(contract, intent, call).type === "fault" ? 1 : 0;
        const run = { intent, concrete: { ...concrete, holdings, call }, keys: [], signatures: [] };
        expectTrue(contract, run, ["fault"]);
      }
    }
    expect(overflows).toBeGreaterThan(5);
  });

  test("is never a run of a proved contract, reached or invented, for no statement", () => {
    let confirmed = 0;
    for (const contract of valid.values()) {
      let at = 0;
      for (const { intent, concrete } of explore(contract, { states: 40, edges: 120 }, (n) => {
        at += 7;
        return at % n;
      })) {
        confirmed += 1;
        expectTrue(contract, { intent, concrete, keys: [], signatures: [] });
      }
    }
    expect(confirmed).toBeGreaterThan(500);
    const cases = fc
      .constantFrom(...valid.values())
      .chain((contract) =>
        fc
          .constantFrom(...contract.intents)
          .chain((intent) => callsOf(contract, intent).map((one) => ({ contract, intent, one }))),
      );
    fc.assert(
      fc.property(cases, ({ contract, intent, one }) => {
        const { call, state, supplies } = one;
        const names = ["", ...contract.assets.map(({ name }) => name)];
        const holdings = new Map(
          randomAccounts.map((account) => {
            const amounts = names.map((name): [string, bigint] => [
              holdingKey("balance", name),
              one.holdings.get(`${account} balance${name === "" ? "" : ` ${name}`}`) ?? 0n,
            ]);
            return [account, new Map(amounts)] as const;
          }),
        );
        const signers = new Set([...call.signers].filter((account) => account !== none));
        const concrete = { state, holdings, supplies, call: { ...call, signers } };
        expectTrue(contract, { intent, concrete, keys: [], signatures: [] });
      }),
      { numRuns: 300 },
    );
  });
});

/** Expects that no statement about calls is false of a run of a contract. */
function expectTrue(
  contract: TypedContract,
  run: Omit<RefutingRun, "statement">,
  kinds: readonly (typeof STATEMENT_KINDS)[number][] = STATEMENT_KINDS,
): void {
  for (const kind of kinds) {
    if (kind === "absent-cell" || kind === "sum" || kind === "coverage") continue;
    const { invariants, transitions, exits } = contract;
    const { effect = [], verify = [] } = run.intent ?? {};
    const count =
      kind === "rule"
        ? invariants.length + transitions.length
        : kind === "condition"
          ? effect.length + verify.length
          : kind === "payment"
            ? exits.length
            : 1;
    for (let at = 0; at < count; at++) {
      const encoded = encodeRun(contract, { ...run, statement: { kind, at, part: 0 } });
      if (encoded === undefined) throw new Error("a small run has room");
      expect(refutesContract(contract, encoded), `${contract.name}: ${kind} ${at}`).toBe(false);
    }
  }
}
