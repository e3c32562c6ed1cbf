import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  less,
  not,
  or,
  select,
  subtract,
  symbol,
  truth,
} from "../../intent/build-term.ts";
import { type Term } from "../../term.ts";
import { type TypedExit } from "../typed/typed-contract.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { encodeTyped, nowTerm, signedTerm } from "./encode-typed.ts";
import {
  boundOf,
  claimTerms,
  type ExitGoals,
  type ExitTerms,
  exitLocals,
  freshKeys,
  zero,
} from "./exit-terms.ts";
import { type SymbolicCall } from "./symbolic-call.ts";
import { type CallGoal } from "./symbolic-run.ts";
import { holdingKey, lookUp, sameKeys, sortOf, type Terms } from "./symbolic-state.ts";
import { firstOf, forget, type Touched } from "./touched.ts";
import { noneTerm } from "./type-terms.ts";

/**
 * Goals that an intent takes no exit away: what a claim loses is paid, or its owner signed, or the
 * intent may do so before the exit's time; and a new or later claim is due in time.
 */
export function stability(terms: ContractTerms, call: SymbolicCall): readonly ExitGoals[] {
  const { exits } = terms.contract;
  const assets = new Set(exits.flatMap(({ keeping }) => keeping?.asset ?? []));
  return [
    ...exits.flatMap((exit) => [
      exit.keeping === undefined ? standing(terms, call, exit) : untouched(terms, call, exit),
      ...(exit.within === undefined ? [] : [dueInTime(terms, call, exit)]),
    ]),
    ...[...assets].map((asset) => paidFor(terms, call, asset)),
  ];
}

/** Parts of an exit before and after a call, for one claim. */
interface Claim {
  readonly exit: TypedExit;
  readonly keys: Terms;
  readonly before: ExitTerms;
  readonly after: ExitTerms;
}

function claimAt(terms: ContractTerms, call: SymbolicCall, exit: TypedExit, keys: Terms): Claim {
  return {
    exit,
    keys,
    before: claimTerms(terms, exit, { keys, state: call.before }),
    after: claimTerms(terms, exit, { keys, state: call.after }),
  };
}

/** Formula that the claim is as it was: its condition, its owner, and its time not later. */
function stands({ before, after }: Claim): Term {
  const isDue =
    before.after === undefined || after.after === undefined
      ? []
      : [atMost(after.after, before.after)];
  return and(after.condition, equal(after.beneficiary, before.beneficiary), ...isDue);
}

/** Formula that the claim's owner agreed, or that the intent needs no agreement before the time. */
function isAllowed(call: SymbolicCall, { exit, keys, before }: Claim): Term {
  const signed = signedFor(call, before.beneficiary, keys);
  if (!exit.unless.includes(call.intent.name)) return signed;
  return or(signed, before.after === undefined ? not(truth) : atMost(nowTerm, before.after));
}

/**
 * Formula that an account signed the call, or a message that a guard checks and that names the
 * keys of the claim.
 */
export function signedFor(call: SymbolicCall, account: Term, keys: Terms): Term {
  const messages = call.guardMessages.map((message) =>
    and(
      equal(message.account, account),
      ...keys.map((key) =>
        or(
          ...message.record.map((field, at) =>
            isSortOf(message, at, key) ? equal(field, key) : not(truth),
          ),
        ),
      ),
    ),
  );
  return messages.length === 0 ? signedTerm(account) : or(signedTerm(account), ...messages);
}

function isSortOf(message: SymbolicCall["guardMessages"][number], at: number, key: Term): boolean {
  const field = message.type.fields[at];
  return field !== undefined && sortOf(field.type) === "integer" && key.type !== "boolean";
}

/** What a claim loses by a call: 0 if it did not stand before or its owner agreed. */
function lostOf(call: SymbolicCall, claim: Claim): Term {
  const { before, after } = claim;
  const excused = or(not(before.condition), isAllowed(call, claim));
  const left = choose(less(after.amount, zero), zero, after.amount);
  const fallen = subtract(before.amount, left);
  const whileStanding = choose(less(fallen, zero), zero, fallen);
  const whole = choose(less(before.amount, zero), zero, before.amount);
  return choose(excused, zero, choose(stands(claim), whileStanding, whole));
}

/** Goal that a claim of which the call touches no key loses nothing. */
function untouched(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): ExitGoals {
  const keys = freshKeys(exit);
  const claim = claimAt(terms, call, exit, keys);
  const others = exit.forEach === undefined ? [] : touchedKeys(call.touched, exit);
  const differs = others.map((other) => not(and(...sameKeys(keys, other))));
  // An exit without keys has one claim, which every call may touch.
  const goals: readonly CallGoal[] =
    exit.forEach === undefined
      ? []
      : [
          {
            kind: "exit",
            label: `\`${exit.name}\` loses nothing for keys that the call does not touch`,
            span: exit.span,
            facts: [...call.facts, ...differs],
            goal: atMost(lostOf(call, claim), zero),
          },
        ];
  return { exit, goals, bound: boundOf(exit, keys), call: undefined };
}

function touchedKeys(touched: Touched, exit: TypedExit): readonly Terms[] {
  return exit.forEach === undefined ? [[]] : touched.cells(exit.forEach.map);
}

/** Goal that an exit without `keeping` stands, or was called, or its owner agreed. */
function standing(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): ExitGoals {
  const keys = freshKeys(exit);
  const claim = claimAt(terms, call, exit, keys);
  const { before } = claim;
  const isOwnCall = call.intent.name === exit.via.intent ? [calledFor(terms, call, claim)] : [];
  const goal = implies(before.condition, or(stands(claim), isAllowed(call, claim), ...isOwnCall));
  const label = `\`${exit.name}\` stands until it is called`;
  return {
    exit,
    goals: [{ kind: "exit", label, span: exit.span, facts: call.facts, goal }],
    bound: boundOf(exit, keys),
    call: undefined,
  };
}

/** Formula that a run is the call of an exit for this claim, after its time. */
function calledFor(terms: ContractTerms, call: SymbolicCall, { exit, keys, before }: Claim): Term {
  const { contract, sums } = terms;
  const encoding = {
    contract,
    sums,
    locals: exitLocals(exit, keys),
    before: call.before,
    now: call.before,
    touch: forget,
  };
  const sameArguments = call.intent.parameters.flatMap(({ name }, at) => {
    const argument = exit.via.args[at];
    const [given] = lookUp(call.locals, name);
    const [wanted] = argument === undefined ? [] : encodeTyped(argument, encoding).terms;
    return given === undefined || wanted === undefined ? [] : [equal(given, wanted)];
  });
  const isDue = before.after === undefined ? [] : [less(before.after, nowTerm)];
  return and(truth, ...sameArguments, ...isDue);
}

/** Goal that a claim that arises, changes its owner or is put off is due within the stated time. */
function dueInTime(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): ExitGoals {
  const keys = freshKeys(exit);
  const { before, after } = claimAt(terms, call, exit, keys);
  const [old, now] = [before.after ?? zero, after.after ?? zero];
  // A claim that grows counts as new, also one that stood at publication.
  const isNew = or(
    not(before.condition),
    not(equal(before.beneficiary, after.beneficiary)),
    less(old, now),
    less(before.amount, after.amount),
  );
  const goal = implies(
    and(after.condition, isNew),
    atMost(now, add(nowTerm, after.within ?? zero)),
  );
  const label = `\`${exit.name}\` is due within the stated time`;
  return {
    exit,
    goals: [{ kind: "exit", label, span: exit.span, facts: call.facts, goal }],
    bound: boundOf(exit, keys),
    call: undefined,
  };
}

/**
 * Goal that for any account, what all its claims of an asset lose together is at most the rise of
 * its holdings and of its other claims that are due no later than those that lose.
 */
function paidFor(terms: ContractTerms, call: SymbolicCall, asset: string): ExitGoals {
  const exits = terms.contract.exits.filter(({ keeping }) => keeping?.asset === asset);
  const owner = symbol(".owner", "integer");
  const claims = exits.flatMap((exit) => {
    const lists = touchedKeys(call.touched, exit);
    const isFirst = firstOf(lists);
    return lists.map((keys, at) => ({
      claim: claimAt(terms, call, exit, keys),
      isFirst: isFirst[at] ?? truth,
    }));
  });
  const lost = claims.map(({ claim, isFirst }) => {
    const own = and(isFirst, equal(claim.before.beneficiary, owner));
    return choose(own, lostOf(call, claim), zero);
  });
  const rises = claims.map(({ claim, isFirst }, at) => {
    const { before, after } = claim;
    const had = choose(
      and(before.condition, equal(before.beneficiary, owner)),
      choose(less(before.amount, zero), zero, before.amount),
      zero,
    );
    const has = choose(
      and(after.condition, equal(after.beneficiary, owner)),
      choose(less(after.amount, zero), zero, after.amount),
      zero,
    );
    if (!isSeparate(exits, claim.exit)) return zero;
    const rise = subtract(has, had);
    const inTime = claims.flatMap((other, place) => {
      const loss = lost[place];
      if (place === at || loss === undefined) return [];
      const counts = mayReplace(claim.exit, other.claim.exit)
        ? isNoLater(after, other.claim.before)
        : not(truth);
      return [implies(less(zero, loss), counts)];
    });
    return choose(and(isFirst, less(zero, rise), ...inTime), rise, zero);
  });
  const key = holdingKey("balance", asset);
  const paid = subtract(
    select(lookUp(call.after.holdings, key), owner),
    select(lookUp(call.before.holdings, key), owner),
  );
  const all = add(zero, ...lost);
  const [first] = exits;
  const names = exits.map(({ name }) => `\`${name}\``).join(" and ");
  return {
    exit: first ?? failNoExit(),
    goals: [
      {
        kind: "exit",
        label: `what ${names} loses is paid to its owner, unless the owner signs`,
        span: first?.span ?? call.intent.span,
        facts: [...call.facts, not(equal(owner, noneTerm))],
        // Of the claims that rise one counts: two exits may pay from one cell.
        goal: or(
          atMost(all, zero),
          atMost(all, paid),
          ...rises.map((rise) => atMost(all, add(paid, rise))),
        ),
      },
    ],
    bound: [],
    call: undefined,
  };
}

/**
 * Tells whether claims of an exit are shown to be worth their amount beside all others of the asset:
 * its call needs no signature of its owner and is never exempt, so that it takes no other claim.
 */
function isSeparate(exits: readonly TypedExit[], { who, via }: TypedExit): boolean {
  return who === "to" && !exits.some(({ unless }) => unless.includes(via.intent));
}

/** Tells whether a claim may take the place of another: no more intents may take it away. */
function mayReplace(rising: TypedExit, losing: TypedExit): boolean {
  return rising.unless.every((name) => losing.unless.includes(name));
}

function isNoLater(claim: ExitTerms, other: ExitTerms): Term {
  if (claim.after === undefined) return truth;
  return other.after === undefined ? not(truth) : atMost(claim.after, other.after);
}

function failNoExit(): never {
  throw new Error("an asset of exits has an exit");
}
