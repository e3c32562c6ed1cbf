import fc from "fast-check";
import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import { touchedFields } from "../../src/intent/compiled/touched.ts";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { cutsOf } from "../../src/intent/cuts/cuts.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { argumentKey, fieldKey, supplyKey } from "../../src/intent/encoder/observed.ts";
import type { ExecutionInput } from "../../src/intent/execution/execution.ts";
import { interpretIntent } from "../../src/intent/execution/interpret.ts";
import type { Value } from "../../src/language/evaluate.ts";
import type { TermValue } from "../../src/term.ts";
import type { SolverInstance } from "../../src/z3/installed/instance.ts";
import { checkObligation } from "../z3/check-obligation.ts";
import type { Mutant } from "./mutants.ts";

/**
 * Fate of a mutant.
 *
 * `rejected`: it does not compile. `refuted`, `undecided`: as the Judge says. `harmless`: valid, and
 * in all worlds tried each of its runs is a run of the original, or changes nothing. `true-claim`:
 * valid, the program is the same, and what it now claims is so. `survived`: valid, and it does
 * something else; to be explained. `unsound`: valid, and a world shows that it should not be; or
 * refuted, and the obligation cut is proved all the same.
 */
export type Fate =
  | "rejected"
  | "refuted"
  | "undecided"
  | "harmless"
  | "true-claim"
  | "survived"
  | "unsound";

/** Judges a mutant with the Judge's own parts; stops at the first obligation that is refuted. */
export function fateOf(z3: SolverInstance, original: CompiledIntent, mutant: Mutant): Fate {
  const compiled = compileSource(mutant.source, { privileged: true });
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  if (intent === undefined) return "rejected";
  const verdict = verdictOn(z3, intent);
  if (verdict !== "valid") return verdict;
  const some = fc.sample(worldsOf(original), { numRuns: WORLDS, seed: 3 });
  if (some.some((world) => isRefutedIn(intent, world))) return "unsound";
  if (mutant.target === "claim") return "true-claim";
  return refines(intent, original, some) ? "harmless" : "survived";
}

/** Worlds in which a survivor is run beside the original. */
const WORLDS = 3_000;

function verdictOn(
  z3: SolverInstance,
  intent: CompiledIntent,
): "valid" | "refuted" | "undecided" | "unsound" {
  const limit = 2_000_000;
  const obligations = obligationsOf(intent);
  const [satisfiable, ...others] = obligations;
  let verdict: "valid" | "undecided" = "valid";
  // Last, since it is what a mutant fails least.
  for (const one of [...others, ...(satisfiable === undefined ? [] : [satisfiable])]) {
    const answer = checkObligation(z3, one, limit);
    const shown =
      answer.type === "sat" && confirmCounterexample(intent, one, answer.values) !== undefined;
    const wanted = one.kind === "satisfiable";
    if (wanted && answer.type === "unsat") return "refuted";
    if (!wanted && shown) {
      const cut = cutsOf(intent, 0)?.goals[obligations.indexOf(one)];
      const holds = cut !== undefined && checkObligation(z3, { ...one, ...cut }, limit);
      return holds && holds.type === "unsat" ? "unsound" : "refuted";
    }
    if (wanted ? !shown : answer.type !== "unsat") verdict = "undecided";
  }
  return verdict;
}

/** Arguments and state that the ledger's invariants allow. */
interface World {
  readonly arguments: ReadonlyMap<string, bigint | boolean>;
  /** By `account field`. */
  readonly held: ReadonlyMap<string, bigint>;
  readonly supplies: ReadonlyMap<string, bigint>;
}

const max = (1n << 64n) - 1n;
const amounts = fc.oneof(
  { arbitrary: fc.nat({ max: 5 }).map(BigInt), weight: 6 },
  { arbitrary: fc.nat({ max: 400 }).map(BigInt), weight: 3 },
  { arbitrary: fc.constantFrom(max, max - 1n, 1n << 63n), weight: 1 },
);

function worldsOf(intent: CompiledIntent): fc.Arbitrary<World> {
  const accounts = intent.parameters.filter((one) => one.type === "Account");
  const names = ["balance", "stake", ...intent.assets.map((asset) => `balance[${asset.name}]`)];
  return fc
    .record({
      keys: fc.array(fc.nat({ max: Math.max(0, accounts.length - 1) }), {
        minLength: accounts.length,
        maxLength: accounts.length,
      }),
      distinct: fc.boolean(),
      nothing: fc.nat({ max: 15 }).map((value) => value === 0),
      values: fc.array(amounts, { minLength: 16, maxLength: 16 }),
      wishes: fc.array(amounts, { minLength: 32, maxLength: 32 }),
    })
    .map(({ keys, distinct, nothing, values, wishes }) => {
      const given = intent.parameters.map((parameter, at) => {
        const index = accounts.indexOf(parameter);
        const key = BigInt(distinct ? index : (keys[index] ?? 0));
        const value = nothing ? 0n : (values[at] ?? 0n);
        return [parameter.name, index < 0 ? value : key] as const;
      });
      const held = new Map<string, bigint>();
      const sums = new Map<string, bigint>();
      names.forEach((name, column) => {
        accounts.forEach((_account, row) => {
          const asset = name === "stake" ? "balance" : name;
          const sum = sums.get(asset) ?? 0n;
          const wish = wishes[(column * accounts.length + row) % wishes.length] ?? 0n;
          const amount = wish < max - sum ? wish : max - sum;
          sums.set(asset, sum + amount);
          held.set(`${row} ${name}`, amount);
        });
      });
      const supplies = new Map(
        intent.assets.map(({ name }, at) => {
          const sum = sums.get(`balance[${name}]`) ?? 0n;
          const others = values[at] ?? 0n;
          return [name, sum + (others < max - sum ? others : max - sum)];
        }),
      );
      return { arguments: new Map(given), held, supplies };
    });
}

function isRefutedIn(intent: CompiledIntent, world: World): boolean {
  const valuation = new Map<string, TermValue>();
  for (const { name, type } of intent.parameters) {
    const value = world.arguments.get(name) ?? 0n;
    valuation.set(argumentKey(name), value);
    if (type !== "Account") continue;
    for (const field of touchedFields(intent)) {
      valuation.set(fieldKey(name, field), world.held.get(`${value} ${field}`) ?? 0n);
    }
  }
  for (const [asset, supply] of world.supplies) valuation.set(supplyKey(asset), supply);
  return obligationsOf(intent).some(
    (one) =>
      one.kind !== "satisfiable" && confirmCounterexample(intent, one, valuation) !== undefined,
  );
}

/** Whether each run of the mutant is one of the original too, or changes nothing at all. */
function refines(
  mutant: CompiledIntent,
  original: CompiledIntent,
  some: readonly World[],
): boolean {
  const signs = (intent: CompiledIntent): string =>
    intent.parameters.map((parameter) => `${parameter.signer}`).join();
  if (signs(mutant) !== signs(original)) return false;
  let runs = 0;
  const allSame = some.every((world) => {
    const did = outcome(mutant, world);
    if (did === undefined) return true;
    runs++;
    return did === "" || did === outcome(original, world);
  });
  // A mutant that never ran has not been seen to do anything.
  return allSame && runs > 0;
}

function outcome(intent: CompiledIntent, world: World): string | undefined {
  const values = new Map<string, Value>();
  for (const { name, type } of intent.parameters) {
    const value = world.arguments.get(name) ?? 0n;
    values.set(name, type === "Account" ? `${value}` : value);
  }
  const read: ExecutionInput["read"] = (account, field, asset) =>
    world.held.get(`${account} ${asset === undefined ? field : `balance[${asset.name}]`}`) ?? 0n;
  const result = interpretIntent(intent, {
    arguments: values,
    sequence: 1n,
    read,
    supply: (asset) => world.supplies.get(asset.name) ?? 0n,
  });
  if (result.type !== "applied") return undefined;
  const changes = [
    ...result.writes.map(
      ({ account, field, asset, before, after }) =>
        `${account} ${field} ${asset?.name ?? ""} ${after - before}`,
    ),
    ...result.supplies.map(({ asset, before, after }) => `${asset.name} ${after - before}`),
  ];
  return changes
    .filter((change) => !change.endsWith(" 0"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .join("; ");
}
