import {
  emptyInvariants,
  lastingTransitions,
  type RemarkClaim,
} from "../contract/encoder/remarks.ts";
import { operandsOf } from "../contract/typed/operands-of.ts";
import type { TypedContract } from "../contract/typed/typed-contract.ts";
import type { Typed } from "../contract/typed/typed-expression.ts";
import { type Certifier, proveClaim } from "./certifier.ts";

/** Returns notes for the reader of a verdict on what the proof of a contract does not cover. */
export function notesOf(contract: TypedContract): readonly string[] {
  const exempt = contract.maps.flatMap(({ name, promise }) =>
    promise === undefined || promise.unless.length === 0
      ? []
      : [
          `\`${promise.kind}\` of \`${name}\` does not bind ${listed(promise.unless)}: ${boundsOn(contract, name)}`,
        ],
  );
  const undeclared = contract.maps.flatMap(({ name, keys, value, promise }) =>
    promise === undefined &&
    keys.length === 1 &&
    keys[0]?.kind === "account" &&
    value.kind === "amount"
      ? [`\`${name}\` is a \`map[Account] Amount\` without \`claim\` or \`debt\``]
      : [],
  );
  const untilDue = contract.exits.flatMap(({ name, unless, after }) =>
    unless.length === 0 || after === undefined
      ? []
      : [`\`${name}\` does not bind ${listed(unless)} until its time has passed`],
  );
  const uncovered = contract.uncovered.map(({ asset, reason }) => {
    const balance = asset === "" ? "balance" : `balance[${asset}]`;
    return `no exit covers the vault's \`${balance}\`: ${reason}`;
  });
  return [...exempt, ...undeclared, ...untilDue, ...uncovered];
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/**
 * Returns a sentence that names the transitions which compare a map's cells with those before the
 * call.
 */
function boundsOn({ transitions }: TypedContract, map: string): string {
  const bounds = transitions.filter(({ condition }) => readsBefore(condition, map));
  if (bounds.length === 0) return "no transition says how far they may go";
  const names = listed(bounds.map(({ name }) => name));
  return `how far they may go is said by ${names}`;
}

/** Tells whether an expression reads a cell or a sum of a map in the state before the call. */
function readsBefore(typed: Typed, map: string): boolean {
  const isRead = typed.type === "cell" || typed.type === "has" || typed.type === "sum";
  if (isRead && typed.map === map && typed.isOld) return true;
  return operandsOf(typed).some((operand) => readsBefore(operand, map));
}

/** Returns a sentence on why no invariant explains the balance of a vault. */
export function unexplainedVault({ invariants }: TypedContract, asset: string): string {
  const vault = asset === "" ? "vault.balance" : `vault.balance[${asset}]`;
  const named = invariants.filter(({ condition }) => isAboutVault(condition, asset));
  if (named.length === 0) return `no invariant says what \`${vault}\` consists of`;
  const names = listed(named.map(({ name }) => name));
  return `${names} mentions \`${vault}\`, but is not \`${vault} == ...\` with sums of maps and scalars added on the other side`;
}

function isAboutVault(typed: Typed, asset: string): boolean {
  if (typed.type === "vault" && typed.asset === asset) return true;
  return operandsOf(typed).some((operand) => isAboutVault(operand, asset));
}

/** Greatest number of the prover's steps for one formula of a remark (`RemarkClaim`). */
const REMARK_STEPS = 5_000;

/** Greatest number of the prover's steps for all remarks on one contract. */
const REMARKS_STEPS_MAX = 200_000;

/**
 * Returns remarks on rules. One kind names the invariants that follow from the types alone. The
 * other says of a transition whether it holds between any two states, one after the other, or only
 * between the states before and after one call. `isKept` tells whether every call was shown to keep
 * a transition. There is no remark on a transition that is not kept.
 */
export function remarksOf(
  contract: TypedContract,
  certifier: Certifier,
  isKept: (transition: string) => boolean,
): readonly string[] {
  let left = REMARKS_STEPS_MAX;
  const holds = ({ claims }: RemarkClaim): boolean =>
    claims.every((claim) => {
      const proof = proveClaim(certifier, claim, Math.min(REMARK_STEPS, left));
      left -= proof.steps;
      return proof.type === "certified";
    });
  const empty = emptyInvariants(contract)
    .filter(holds)
    .map(({ rule }) => `\`${rule.name}\` follows from the types alone, so it says nothing`);
  const lasting = new Set(
    lastingTransitions(contract)
      .filter(holds)
      .map(({ rule }) => rule.name),
  );
  const kept = contract.transitions.filter(({ name }) => isKept(name));
  const transitions = kept.map(({ name }) =>
    lasting.has(name) ? `\`${name}\` holds for all time` : `\`${name}\` holds in each call`,
  );
  return [...empty, ...transitions];
}
