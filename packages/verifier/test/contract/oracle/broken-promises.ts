import { confirmRun } from "../../../src/contract/counterexample/confirm.ts";
import type { ContractObligation } from "../../../src/contract/encoder/contract-obligation.ts";
import { runCall } from "../../../src/contract/execution/run-call.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import { brokenInvariants } from "../../../src/contract/whole-state/evaluate-rules.ts";
import { applyChanges } from "../../../src/contract/whole-state/whole-state.ts";
import type { Edge } from "./explore.ts";
import { type JudgedContract, judgeContract } from "./judged-contract.ts";

/** Statement that follows when all obligations of a group are certified. */
interface Group {
  readonly name: string;
  readonly intent: string;
  /** An obligation of the group, by which the statement is looked at in a run. */
  readonly one: ContractObligation;
}

/** Contract with only those invariants that are certified to hold in all states together. */
export interface Proved {
  readonly contract: TypedContract;
  readonly groups: readonly Group[];
  /** Whether all obligations about exits are certified. */
  readonly isExitProved: boolean;
  /**
   * Assets of which all that the vault holds is certified to be owed; empty for the native one. A
   * sum counts only cells that are present, which is certified too.
   */
  readonly covered: readonly string[];
}

/**
 * Judges a contract, and again without the invariants that are not proved and intents that assert
 * what is not: what is left is proved together.
 */
export function provedPart(contract: TypedContract, steps: number): Proved {
  let own = contract;
  for (;;) {
    const judged = judgeContract(own, steps);
    const untrue = intentsWithOpenClaims(judged);
    if (untrue.size > 0) {
      const intents = own.intents.filter(({ name }) => !untrue.has(name));
      const exits = own.exits.filter(({ via }) => !untrue.has(via.intent));
      own = { ...own, intents, exits };
      continue;
    }
    const kept = own.invariants.filter(({ name }) => isProved(judged, name));
    if (kept.length === own.invariants.length) {
      const ofExits = judged.obligations.filter(
        (one) => one.obligation.exit !== undefined || one.name.startsWith("exit "),
      );
      const isExitProved = ofExits.every(({ isCertified }) => isCertified);
      return { contract: own, groups: groupsOf(judged), isExitProved, covered: coveredIn(judged) };
    }
    own = { ...own, invariants: kept };
  }
}

function coveredIn({ contract, obligations }: JudgedContract): readonly string[] {
  const isGround = obligations.every(
    ({ obligation: { obligation }, isCertified }) => isCertified || obligation.kind !== "ground",
  );
  const assets = ["", ...contract.assets.map(({ name }) => name)];
  if (!isGround) return [];
  return assets.filter((asset) => {
    const own = obligations.filter(({ obligation: { about } }) => {
      const isCoverage = about?.type === "coverage" || about?.type === "no-coverage";
      return isCoverage && about.asset === asset;
    });
    return own.length > 0 && own.every(({ isCertified }) => isCertified);
  });
}

/**
 * Names of intents with an assertion, or a value, that is not certified. What follows an assertion
 * takes it for true, so that nothing about such an intent counts.
 */
function intentsWithOpenClaims({ contract, obligations }: JudgedContract): ReadonlySet<string> {
  const names = new Set(contract.intents.map(({ name }) => name));
  return new Set(
    obligations.flatMap(({ obligation: { obligation, exit }, isCertified }) => {
      const { kind, intent } = obligation;
      const isOpen = !isCertified && (kind === "assertion" || kind === "defined");
      return isOpen && exit === undefined && names.has(intent) ? [intent] : [];
    }),
  );
}

function isProved({ obligations, initiallyBroken }: JudgedContract, name: string): boolean {
  if (initiallyBroken.some((problem) => problem.startsWith(`\`${name}\``))) return false;
  return obligations.every(
    ({ obligation: { obligation, rule }, isCertified }) =>
      isCertified || (rule?.name !== name && (obligation.kind !== "ground" || rule !== undefined)),
  );
}

/**
 * Groups obligations by what they state of a run. What an exit or a claim promises follows from all
 * obligations of its kind together.
 */
function groupsOf({ obligations }: JudgedContract): readonly Group[] {
  const groups = new Map<string, Group & { isCertified: boolean }>();
  for (const { obligation: one, isCertified } of obligations) {
    const { kind, intent, span } = one.obligation;
    if (kind === "ground" || kind === "coverage") continue;
    const isOfExit = one.exit !== undefined;
    const part = isOfExit
      ? `payment ${one.exit?.name}`
      : kind === "exit" || kind === "claim"
        ? kind
        : `${kind} ${one.rule?.name ?? span.start.offset}`;
    const name = `${intent} ${part}`;
    const known = groups.get(name);
    const all = (known?.isCertified ?? true) && isCertified;
    // Goals of one group differ in what they need; the last one is the statement itself.
    groups.set(name, { name, intent, one, isCertified: all });
  }
  return [...groups.values()].filter((group) => group.isCertified);
}

/** Returns a sentence for each statement that is proved and that a call breaks. */
export function brokenPromises({ contract, groups }: Proved, edge: Edge): readonly string[] {
  const { intent, concrete } = edge;
  const broken = groups
    .filter((group) => group.intent === intent.name)
    .flatMap(({ name, one }) => {
      const { obligation, rule, exit } = one;
      const run = confirmRun(contract, intent, obligation, { concrete, rule, exit });
      // A rule that is false has a value: that it holds is another statement.
      const isOther = obligation.kind === "defined" && rule !== undefined;
      if (run === undefined || (isOther && !run.sentence.includes("no value"))) return [];
      return [`${name}: ${run.sentence}`];
    });
  const result = runCall(contract, intent, concrete.call);
  if (result.type !== "applied") return broken;
  const after = applyChanges(contract, concrete.state, result.changes);
  const rules = brokenInvariants(contract, after).map(({ rule }) => `reached: ${rule.name}`);
  return [...broken, ...rules];
}
