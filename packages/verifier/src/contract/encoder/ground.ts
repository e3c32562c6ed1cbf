import { atMost, equal, integer, symbol, truth } from "../../intent/build-term.ts";
import { type TypedContract, type TypedRule } from "../typed/typed-contract.ts";
import { type About } from "./about.ts";
import {
  type Before,
  type BoundKeys,
  boundFacts,
  encodeSumTerm,
  ruleLocals,
  stateRanges,
  sumTerm,
} from "./assumptions.ts";
import {
  type ContractObligation,
  emptyBefore,
  freshRuleKeys,
  knownOf,
} from "./contract-obligation.ts";
import { type ContractTerms, contractTerms } from "./contract-terms.ts";
import { type Encoding, encodeTyped, mapNamed } from "./encode-typed.ts";
import { completed } from "./symbolic-call.ts";
import { type CallGoal } from "./symbolic-run.ts";
import { cellAt, lookUp, type SymbolicState, writeCell } from "./symbolic-state.ts";
import { forget } from "./touched.ts";
import { defaultTerms } from "./type-terms.ts";

/**
 * Returns an obligation for each sum whose term may be negative by its type, by the index of the
 * sum. The obligation says that the invariants keep the term from being negative.
 */
export function signObligations(contract: TypedContract): ReadonlyMap<number, ContractObligation> {
  const terms = contractTerms(contract, new Set());
  const { sums, before: state } = terms;
  const found = new Map<number, ContractObligation>();
  for (const [at, { sum }] of sums.entries.entries()) {
    if (sum.isNatural) continue;
    const map = mapNamed(contract, sum.map);
    const keys = map.keys.map((_type, place) => symbol(`.key.${place}`, "integer"));
    const cell = cellAt(state, sum.map, keys);
    const bound = [{ map: sum.map, keys }];
    const before: Before = { ...emptyBefore(terms), bound };
    const goal: CallGoal = {
      kind: "ground",
      label: `the sum over \`${sum.map}\` counts nothing negative`,
      span: sum.span,
      facts: [],
      goal: atMost(integer(0n), sumTerm(sum, keys, { contract, sums, state }, cell)),
    };
    const obligation = completed(goal, knownOf(before), contract.name);
    found.set(at, { obligation, goal, before, call: undefined, rule: undefined });
  }
  return found;
}

/**
 * Returns the obligations that rules hold for absent cells, and that an absent cell adds 0 to every
 * sum.
 */
export function groundObligations(terms: ContractTerms): readonly ContractObligation[] {
  const { contract, sums } = terms;
  return [
    ...contract.invariants.flatMap((rule) => absentCells(terms, rule)),
    ...sums.entries.flatMap(({ sum }) => sumGround(terms, sum)),
  ];
}

/**
 * Returns the obligations that an invariant holds if the cell of one of its `for each` is absent,
 * whatever the rest of the state is. They justify evaluating the invariant only on the cells that
 * are present.
 */
function absentCells(terms: ContractTerms, rule: TypedRule): readonly ContractObligation[] {
  const { contract, sums, before } = terms;
  const bound = freshRuleKeys(rule);
  const locals = ruleLocals(
    rule,
    bound.map((one) => one.keys),
  );
  return bound.map((head, at): ContractObligation => {
    const state = withoutCell(contract, before, head);
    const encoding: Encoding = {
      contract,
      sums,
      locals,
      before: state,
      now: state,
      touch: forget,
    };
    const goal = encodeTyped(rule.condition, encoding).terms[0] ?? truth;
    const label = `\`${rule.name}\` holds of absent cells of \`${head.map}\``;
    const facts = stateRanges({ ...emptyBefore(terms), bound });
    const about = { type: "absent-cell", rule, head: at } as const;
    return ground(terms, { label, span: rule.span, goal, facts }, { bound, rule, about });
  });
}

/**
 * Returns the obligations that the term of a sum has a value for every cell, and is 0 for an absent
 * cell.
 */
function sumGround(
  terms: ContractTerms,
  sum: ContractTerms["sums"]["entries"][number]["sum"],
): readonly ContractObligation[] {
  const { contract, before: state } = terms;
  const map = mapNamed(contract, sum.map);
  const keys = map.keys.map((_type, at) => symbol(`.key.${at}`, "integer"));
  const bound = [{ map: sum.map, keys }];
  const own = { ...emptyBefore(terms), bound };
  const of = { bound, rule: undefined, about: { type: "sum", sum, part: "defined" } } as const;
  const { checks } = encodeSumTerm(sum, keys, terms, cellAt(state, sum.map, keys));
  const defined = checks.map(({ label, span, path, goal }) =>
    ground(terms, { label, span, goal, facts: [...stateRanges(own), ...path] }, of),
  );
  const label = `the sum over \`${sum.map}\` counts nothing for an absent cell`;
  const term = encodeSumTerm(sum, keys, terms, defaultTerms(map.value)).terms[0] ?? integer(0n);
  const goal = equal(term, integer(0n));
  const about = { ...of.about, part: "absent" } as const;
  return [...defined, ground(terms, { label, span: sum.span, goal, facts: [] }, { ...of, about })];
}

function ground(
  { contract, sums, before: state }: ContractTerms,
  what: Omit<CallGoal, "kind">,
  of: {
    readonly bound: readonly BoundKeys[];
    readonly rule: TypedRule | undefined;
    readonly about: About;
  },
): ContractObligation {
  const before: Before = { ...emptyBefore({ contract, sums, before: state }), bound: of.bound };
  const goal: CallGoal = { ...what, kind: "ground" };
  const obligation = completed(goal, boundFacts(before), contract.name);
  return { obligation, goal, before, call: undefined, rule: of.rule, about: of.about };
}

function withoutCell(
  contract: TypedContract,
  state: SymbolicState,
  { map, keys }: BoundKeys,
): SymbolicState {
  const nothing = defaultTerms(mapNamed(contract, map).value);
  const arrays = lookUp(state.maps, map).map((array, at) => {
    const part = nothing[at];
    return part === undefined ? array : writeCell(array, keys, part);
  });
  return { ...state, maps: new Map(state.maps).set(map, arrays) };
}
