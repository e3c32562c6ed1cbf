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
import { type About } from "./about.ts";
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
 * Returns the goals that an intent takes no claim of an exit away. If it lowers a claim, the owner
 * must be paid, must have signed, or the exit must name the intent after `unless` and not be due
 * yet. A new or postponed claim must be due within the time that the exit states.
 */
export function stability(terms: ContractTerms, call: SymbolicCall): readonly StabilityGoals[] {
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

/** Goals about what a call does to the claims of an exit. */
interface StabilityGoals extends ExitGoals {
  readonly part: Extract<About, { type: "exit" }>["part"];
}

/**
 * Terms of an exit before and after a call, for one list of keys. What the exit owes for these keys
 * is a claim.
 */
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

/**
 * Returns the formula that a call leaves a claim intact: its condition holds, its owner is the
 * same, and it is due no later.
 */
function stands({ before, after }: Claim): Term {
  const isDue =
    before.after === undefined || after.after === undefined
      ? []
      : [atMost(after.after, before.after)];
  return and(after.condition, equal(after.beneficiary, before.beneficiary), ...isDue);
}

/**
 * Returns the formula that the call may lower a claim. The owner signed, or the exit names the
 * intent after `unless` and is not due yet.
 */
function isAllowed(call: SymbolicCall, { exit, keys, before }: Claim): Term {
  const signed = signedFor(call, before.beneficiary, keys);
  if (!exit.unless.includes(call.intent.name)) return signed;
  return or(signed, before.after === undefined ? not(truth) : atMost(nowTerm, before.after));
}

/**
 * Returns the formula that an account signed the call, or a message that a guard checks and whose
 * fields include the keys of the claim.
 */
function signedFor(call: SymbolicCall, account: Term, keys: Terms): Term {
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

/**
 * Returns the amount by which a call lowers a claim: 0 if nothing was owed before, or if the call
 * may lower it.
 */
function lostOf(call: SymbolicCall, claim: Claim): Term {
  const { before, after } = claim;
  const excused = or(not(before.condition), isAllowed(call, claim));
  const left = choose(less(after.amount, zero), zero, after.amount);
  const fallen = subtract(before.amount, left);
  const whileStanding = choose(less(fallen, zero), zero, fallen);
  const whole = choose(less(before.amount, zero), zero, before.amount);
  return choose(excused, zero, choose(stands(claim), whileStanding, whole));
}

/**
 * Returns the goal that a claim loses nothing if the call neither reads nor stores a cell at its
 * keys.
 */
function untouched(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): StabilityGoals {
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
  return { exit, goals, bound: boundOf(exit, keys), call: undefined, part: "untouched" };
}

function touchedKeys(touched: Touched, exit: TypedExit): readonly Terms[] {
  return exit.forEach === undefined ? [[]] : touched.cells(exit.forEach.map);
}

/**
 * Returns the goal for an exit without `keeping`: each claim is intact after the call, or was
 * called, or the owner agreed.
 */
function standing(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): StabilityGoals {
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
    part: "stands",
  };
}

/** Returns the formula that a run is the exit's own call for this claim, after the claim is due. */
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

/**
 * Returns the goal that a claim is due within the time that the exit states (`within`), if the call
 * creates it, raises it, postpones it or changes its owner.
 */
function dueInTime(terms: ContractTerms, call: SymbolicCall, exit: TypedExit): StabilityGoals {
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
    part: "due",
  };
}

/**
 * Returns the goal that each account is compensated for its lowered claims of an asset. Together
 * they lose at most what its holdings rise by, plus what one other claim of the account rises by.
 * That claim must be due no later than the lowered ones.
 */
function paidFor(terms: ContractTerms, call: SymbolicCall, asset: string): StabilityGoals {
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
    part: "paid",
  };
}

/**
 * Tells whether claims of an exit can be paid in full in addition to all other claims of the asset.
 * This is so if the exit's call needs no signature (`to`), and no exit names the called intent
 * after `unless`. Then the call cannot lower another claim.
 */
function isSeparate(exits: readonly TypedExit[], { who, via }: TypedExit): boolean {
  return who === "to" && !exits.some(({ unless }) => unless.includes(via.intent));
}

/**
 * Tells whether a raised claim may replace a lowered one: every intent that the exit of the raised
 * claim names after `unless` must also be named by the exit of the lowered one.
 */
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
