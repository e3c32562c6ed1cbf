import type { TypedExit } from "../typed/typed-contract.ts";
import { afterwards, freshKeys } from "./call-demands.ts";
import { createHistory, type Demand, factsOf } from "./demand.ts";
import { type Claim, claimOf, keyLocals } from "./exit-claims.ts";
import { type Formula, present } from "./formulas.ts";
import { type Run, runDemanded, witnessDemand } from "./run.ts";
import {
  at,
  balanceOf,
  firsts,
  isSomebody,
  type Parts,
  type Symbols,
  sameKeys,
  signed,
  sortOf,
} from "./symbols.ts";
import { type Check, scopeOf, translate, translateOne } from "./translate.ts";

/** `exit`, 1: where a claim stands and its time has passed, its call runs and pays it. */
export function paymentDemands(symbols: Symbols, exit: TypedExit): readonly Demand[] {
  const { contract, formulas, before, now } = symbols;
  const { keys, ranges } = keysOf(symbols, exit);
  const claim = claimOf(symbols, exit, before, keys);
  const intent = present(
    contract.intents.find(({ name }) => name === exit.via.intent),
    "a checked exit names an intent",
  );
  const scope = scopeOf(symbols, before, keyLocals(exit, keys));
  const locals = new Map(
    intent.parameters.map(({ name }, place): [string, Parts] => [
      name,
      translate(present(exit.via.args[place], "a checked call has all arguments"), scope),
    ]),
  );
  const facts = [
    ...ranges,
    claim.condition,
    ...(claim.due === undefined ? [] : [formulas.less(claim.due, now)]),
    ...(exit.who === "by" ? [signed(symbols, claim.owner)] : []),
  ];
  const run = runDemanded(symbols, intent, { locals, facts });
  const base = { intent: intent.name, assumes: "state" } as const;
  const atStart = (
    kind: "exit" | "defined",
    rule: string,
    goal: Formula,
    of: readonly Formula[],
  ): Demand => ({
    ...base,
    kind,
    rule: `\`${exit.name}\`: ${rule}`,
    goal,
    facts: factsOf(createHistory(), of),
  });
  const checks = (list: readonly Check[], of: readonly Formula[]): readonly Demand[] =>
    list.map(({ what, path, goal }) => atStart("defined", what, goal, [...of, ...path]));
  const name = balanceOf(exit.keeping?.asset ?? "");
  const rise = riseOf(run, name, claim.owner);
  const pays = { kind: "exit", rule: `\`${exit.name}\` pays what is owed` } as const;
  return [
    witnessDemand(symbols, { intent, exit }),
    ...checks(claim.checks, ranges),
    ...checks(scope.checks, facts),
    atStart("exit", "the beneficiary is not `none`", isSomebody(formulas, claim.owner), facts),
    ...run.demands.map((one): Demand => ({ ...one, kind: "exit" })),
    afterwards(run, { ...pays, goal: formulas.atMost(claim.amount, rise) }),
  ];
}

function keysOf(
  symbols: Symbols,
  { forEach }: TypedExit,
): { readonly keys: Parts; readonly ranges: readonly Formula[] } {
  const { lists, ranges } = freshKeys(symbols, forEach === undefined ? [] : [forEach]);
  return { keys: lists[0] ?? [], ranges };
}

function riseOf({ symbols, now }: Run, name: string, account: Formula): Formula {
  const { formulas, before } = symbols;
  return formulas.subtract(
    formulas.select(at(now.holdings, name), account),
    formulas.select(at(before.holdings, name), account),
  );
}

/** Claim for some keys before and after a call. */
interface Change {
  readonly exit: TypedExit;
  readonly keys: Parts;
  readonly old: Claim;
  readonly later: Claim;
}

function changeOf({ symbols, now }: Run, exit: TypedExit, keys: Parts): Change {
  return {
    exit,
    keys,
    old: claimOf(symbols, exit, symbols.before, keys),
    later: claimOf(symbols, exit, now, keys),
  };
}

/** `exit`, 2 to 4: what a call may do to claims. */
export function stabilityDemands(run: Run): readonly Demand[] {
  const { exits } = run.symbols.contract;
  const assets = new Set(exits.flatMap(({ keeping }) => keeping?.asset ?? []));
  return [
    ...exits.flatMap((exit) => [
      ...(exit.keeping === undefined ? [standing(run, exit)] : untouched(run, exit)),
      ...(exit.within === undefined ? [] : [dueInTime(run, exit)]),
    ]),
    ...[...assets].map((asset) => paidTogether(run, asset)),
  ];
}

/** A claim stands after a call: its condition holds, for the same owner, due no later. */
function stands({ symbols }: Run, { old, later }: Change): Formula {
  const { formulas } = symbols;
  const inTime =
    old.due === undefined || later.due === undefined ? [] : [formulas.atMost(later.due, old.due)];
  return formulas.and([later.condition, formulas.equal(later.owner, old.owner), ...inTime]);
}

/** A call may lower a claim: the owner signed, or `unless` names the intent before the time. */
function isExcused(run: Run, { exit, keys, old }: Change): Formula {
  const { formulas, now } = run.symbols;
  const agreed = [signed(run.symbols, old.owner), ...messagesOf(run, old.owner, keys)];
  const isInTime = exit.unless.includes(run.intent.name) && old.due !== undefined;
  return formulas.or([...agreed, ...(isInTime ? [formulas.atMost(now, old.due)] : [])]);
}

/** Formulas that a message that a guard demands is the account's, and names all keys. */
function messagesOf({ symbols, messages }: Run, account: Formula, keys: Parts): Parts {
  const { formulas } = symbols;
  return messages.map((message) => {
    const names = (key: Formula): Formula =>
      formulas.or(
        message.record.flatMap((field, place) => {
          const type = present(message.types[place], "a message has its fields");
          return sortOf(type) === "integer" ? [formulas.equal(field, key)] : [];
        }),
      );
    return formulas.and([formulas.equal(message.account, account), ...keys.map(names)]);
  });
}

/** Number, or 0 if it is negative. */
function natural({ symbols }: Run, number: Formula): Formula {
  const { choose, less, integer } = symbols.formulas;
  return choose(less(number, integer(0n)), integer(0n), number);
}

/** Amount that a claim loses by a call. */
function lossOf(run: Run, change: Change): Formula {
  const { formulas } = run.symbols;
  const { old, later } = change;
  const isFree = formulas.or([formulas.not(old.condition), isExcused(run, change)]);
  const fallen = formulas.subtract(old.amount, natural(run, later.amount));
  return formulas.choose(
    isFree,
    formulas.integer(0n),
    formulas.choose(stands(run, change), natural(run, fallen), natural(run, old.amount)),
  );
}

/** Keys of an exit's map that a call reads or stores. One empty list for an exit without keys. */
function touchedKeys(run: Run, { forEach }: TypedExit): readonly Parts[] {
  if (forEach === undefined) return [[]];
  const lists = run.cells.get(forEach.map) ?? [];
  return lists.filter(
    (keys, place) =>
      lists.findIndex((other) => keys.every((key, part) => key === other[part])) === place,
  );
}

/** Keys that the call does not touch lose nothing. All others count in `paidTogether`. */
function untouched(run: Run, exit: TypedExit): readonly Demand[] {
  // An exit without keys has one claim, which counts there.
  if (exit.forEach === undefined) return [];
  const { formulas } = run.symbols;
  const { keys, ranges } = keysOf(run.symbols, exit);
  const differs = touchedKeys(run, exit).map((other) =>
    formulas.not(sameKeys(formulas, keys, other)),
  );
  const goal = formulas.atMost(lossOf(run, changeOf(run, exit, keys)), formulas.integer(0n));
  const rule = `\`${exit.name}\` loses nothing for untouched keys`;
  return [afterwards(run, { kind: "exit", rule, goal, own: [...ranges, ...differs] })];
}

/** Without `keeping`: a claim stands, or its owner agreed, or this call was the exit in its time. */
function standing(run: Run, exit: TypedExit): Demand {
  const { formulas } = run.symbols;
  const { keys, ranges } = keysOf(run.symbols, exit);
  const change = changeOf(run, exit, keys);
  const ways = [stands(run, change), isExcused(run, change)];
  if (run.intent.name === exit.via.intent) ways.push(isOwnCall(run, change));
  const goal = formulas.implies([change.old.condition], formulas.or(ways));
  const rule = `\`${exit.name}\` stands until it is called`;
  return afterwards(run, { kind: "exit", rule, goal, own: ranges });
}

function isOwnCall(run: Run, { exit, keys, old }: Change): Formula {
  const { formulas, before, now } = run.symbols;
  const scope = scopeOf(run.symbols, before, keyLocals(exit, keys));
  const isDue = old.due === undefined ? [] : [formulas.less(old.due, now)];
  const same = run.intent.parameters.map(({ name }, place) =>
    formulas.equal(
      present(at(run.locals, name)[0], "an argument has a value"),
      translateOne(present(exit.via.args[place], "a checked call has all arguments"), scope),
    ),
  );
  return formulas.and([...same, ...isDue]);
}

/** A claim that a call makes, raises, postpones or gives to another is due within the time. */
function dueInTime(run: Run, exit: TypedExit): Demand {
  const { formulas, now } = run.symbols;
  const zero = formulas.integer(0n);
  const { keys, ranges } = keysOf(run.symbols, exit);
  const { old, later } = changeOf(run, exit, keys);
  const due = later.due ?? zero;
  const isNew = formulas.or([
    formulas.not(old.condition),
    formulas.not(formulas.equal(old.owner, later.owner)),
    formulas.less(old.due ?? zero, due),
    formulas.less(old.amount, later.amount),
  ]);
  const latest = formulas.add([now, later.within ?? zero]);
  const goal = formulas.implies([later.condition, isNew], formulas.atMost(due, latest));
  const rule = `\`${exit.name}\` is due within its time`;
  return afterwards(run, { kind: "exit", rule, goal, own: ranges });
}

/**
 * What all claims of an account in an asset lose together is at most the rise of its holdings, and
 * of one other claim of it that takes the place of those that lose.
 */
function paidTogether(run: Run, asset: string): Demand {
  const { symbols } = run;
  const { formulas, contract, owner } = symbols;
  const { add, and, atMost, choose, equal, implies, less } = formulas;
  const zero = formulas.integer(0n);
  const exits = contract.exits.filter(({ keeping }) => keeping?.asset === asset);
  const claims = exits.flatMap((exit) => {
    const lists = touchedKeys(run, exit);
    const first = firsts(formulas, lists);
    return lists.map((keys, place) => ({
      change: changeOf(run, exit, keys),
      // Keys that are equal are one claim.
      isFirst: present(first[place], "each list is first or not"),
    }));
  });
  const losses = claims.map(({ change, isFirst }) =>
    choose(and([isFirst, equal(change.old.owner, owner)]), lossOf(run, change), zero),
  );
  const rises = claims.map(({ change, isFirst }, place) => {
    const { exit, old, later } = change;
    if (!isSeparate(exits, exit)) return zero;
    const [had, has] = [old, later].map((one) =>
      choose(and([one.condition, equal(one.owner, owner)]), natural(run, one.amount), zero),
    );
    const rise = formulas.subtract(present(has, "after"), present(had, "before"));
    const replaces = claims.flatMap(({ change: other }, index) => {
      if (index === place) return [];
      const loss = present(losses[index], "each claim has a loss");
      return [implies([less(zero, loss)], mayReplace(run, change, other))];
    });
    return choose(and([isFirst, less(zero, rise), ...replaces]), rise, zero);
  });
  const all = add(losses);
  const paid = riseOf(run, balanceOf(asset), owner);
  const goal = formulas.or([
    atMost(all, zero),
    atMost(all, paid),
    ...rises.map((rise) => atMost(all, add([paid, rise]))),
  ]);
  const rule = `claims in \`${balanceOf(asset)}\` are paid together`;
  return afterwards(run, { kind: "exit", rule, goal, own: [isSomebody(formulas, owner)] });
}

/** The call of an exit lowers no other claim: it needs no signature, and is nowhere in `unless`. */
function isSeparate(exits: readonly TypedExit[], { who, via }: TypedExit): boolean {
  return who === "to" && exits.every(({ unless }) => !unless.includes(via.intent));
}

/** A risen claim is due no later than one that loses, and nothing more is exempt to take it. */
function mayReplace(run: Run, rising: Change, losing: Change): Formula {
  const { formulas } = run.symbols;
  const { exit, later } = rising;
  if (!exit.unless.every((name) => losing.exit.unless.includes(name))) return formulas.falsehood;
  if (later.due === undefined) return formulas.truth;
  const { due } = losing.old;
  return due === undefined ? formulas.falsehood : formulas.atMost(later.due, due);
}
