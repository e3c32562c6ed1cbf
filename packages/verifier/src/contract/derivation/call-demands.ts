import type { ObligationKind } from "../../obligation.ts";
import type { TypedForEach, TypedMap, TypedRule } from "../typed/typed-contract.ts";
import { type Demand, factsOf } from "./demand.ts";
import { type Formula, present } from "./formulas.ts";
import type { Run } from "./run.ts";
import {
  assetsOf,
  at,
  balanceOf,
  cellOf,
  inRange,
  isSomebody,
  type Parts,
  type State,
  type Symbols,
  signed,
  sortOf,
} from "./symbols.ts";
import { scopeOf, translateOne } from "./translate.ts";

/** Keys that stand for any keys of a `for each`, with the formulas that they are in range. */
export interface FreshKeys {
  readonly lists: readonly Parts[];
  readonly locals: ReadonlyMap<string, Parts>;
  readonly ranges: readonly Formula[];
}

/** Returns a symbol for each name of some `for each`. */
export function freshKeys({ formulas }: Symbols, heads: readonly TypedForEach[]): FreshKeys {
  const locals = new Map<string, Parts>();
  const ranges: Formula[] = [];
  const lists = heads.map(({ binders }) =>
    binders.map(({ name, type }) => {
      const key = formulas.symbol(`.key.${name}`, sortOf(type));
      locals.set(name, [key]);
      ranges.push(inRange(formulas, type, key));
      return key;
    }),
  );
  return { lists, locals, ranges };
}

/** Returns what must be shown of a call, apart from its statements and from exits. */
export function callDemands(run: Run): readonly Demand[] {
  const { contract } = run.symbols;
  return [
    ...conservation(run),
    ...authority(run),
    ...promises(run),
    ...contract.invariants.flatMap((rule) => kept(run, "invariant", rule)),
    ...contract.transitions.flatMap((rule) => kept(run, "transition", rule)),
  ];
}

/** Returns a demand that holds after the effects of a run. */
export function afterwards(
  run: Run,
  what: {
    readonly kind: ObligationKind;
    readonly rule: string;
    readonly goal: Formula;
    readonly own?: readonly Formula[];
  },
): Demand {
  const { kind, rule, goal, own = [] } = what;
  const facts = factsOf(run.history, own, run.ended);
  return { kind, intent: run.intent.name, rule, goal, facts, assumes: "state" };
}

/** `conservation`: what stores add to holdings is what they add to the supply. */
function conservation(run: Run): readonly Demand[] {
  const { symbols, now, moved } = run;
  const { formulas, contract, before } = symbols;
  return assetsOf(contract).flatMap((asset) => {
    const isOwn = contract.assets.some(({ name, isOwn: own }) => name === asset && own);
    const [old, later] = isOwn
      ? [at(before.supplies, asset), at(now.supplies, asset)]
      : [formulas.integer(0n), formulas.integer(0n)];
    const amounts = moved.get(asset);
    if (amounts === undefined) return [];
    const change = isOwn ? formulas.subtract(later, old) : formulas.integer(0n);
    const goal = formulas.equal(formulas.add(amounts), change);
    return [afterwards(run, { kind: "conservation", rule: `of \`${asset}\``, goal })];
  });
}

/** `authority`: holdings of an account that does not sign do not fall. */
function authority(run: Run): readonly Demand[] {
  const { symbols, now, paid } = run;
  const { formulas, before, anyone } = symbols;
  return [...paid].map((asset) => {
    const name = balanceOf(asset);
    const [old, later] = [before, now].map((state) =>
      formulas.select(at(state.holdings, name), anyone),
    );
    const goal = formulas.atMost(present(old, "before"), present(later, "after"));
    const own = [formulas.not(signed(symbols, anyone))];
    return afterwards(run, { kind: "authority", rule: `of \`${name}\``, goal, own });
  });
}

/** `claim`: cells of maps with a promise, for any account that does not sign. */
function promises(run: Run): readonly Demand[] {
  const { symbols, now, intent } = run;
  const { formulas, contract, before, anyone } = symbols;
  const own = [formulas.not(signed(symbols, anyone)), isSomebody(formulas, anyone)];
  const binding = contract.maps.filter(
    ({ promise }) => promise !== undefined && !promise.unless.includes(intent.name),
  );
  const cell = (state: State, { name }: TypedMap): Formula =>
    present(cellOf(symbols, state, name, [anyone])[0], "a promise is of a map of amounts");
  const demands: Demand[] = [];
  const byAsset = new Map<string, TypedMap[]>();
  for (const map of binding) {
    const { kind, asset } = present(map.promise, "a map with a promise");
    if (kind === "claim" && asset !== undefined) {
      byAsset.set(asset, [...(byAsset.get(asset) ?? []), map]);
      continue;
    }
    const [old, later] = [cell(before, map), cell(now, map)];
    // A debt does not rise, a claim does not fall.
    const goal = kind === "debt" ? formulas.atMost(later, old) : formulas.atMost(old, later);
    demands.push(afterwards(run, { kind: "claim", rule: `of \`${map.name}\``, goal, own }));
  }
  for (const [asset, maps] of byAsset) {
    const lost = maps.map((map) => formulas.subtract(cell(before, map), cell(now, map)));
    const name = balanceOf(asset);
    const rise = formulas.subtract(
      formulas.select(at(now.holdings, name), anyone),
      formulas.select(at(before.holdings, name), anyone),
    );
    const goal = formulas.atMost(formulas.add(lost), rise);
    demands.push(afterwards(run, { kind: "claim", rule: `in \`${name}\``, goal, own }));
  }
  return demands;
}

/** `invariant` and `transition`: a rule has a value after a call, and holds. */
function kept(
  run: Run,
  kind: "invariant" | "transition",
  { name, forEach, condition }: TypedRule,
): readonly Demand[] {
  const { symbols, now } = run;
  const { locals, ranges } = freshKeys(symbols, forEach);
  const scope = scopeOf(symbols, now, locals, symbols.before);
  const goal = translateOne(condition, scope);
  const rule = `\`${name}\` after the call`;
  return [
    ...scope.checks.map((one) =>
      afterwards(run, {
        kind: "defined",
        rule: `${rule}: ${one.what}`,
        goal: one.goal,
        own: [...ranges, ...one.path],
      }),
    ),
    afterwards(run, { kind, rule, goal, own: ranges }),
  ];
}
