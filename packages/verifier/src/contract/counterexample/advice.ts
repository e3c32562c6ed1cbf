import type { Counterexample } from "../../intent/counterexample/counterexample.ts";
import type { ContractObligation } from "../encoder/contract-obligation.ts";
import type { TypedExit } from "../typed/typed-contract.ts";

/**
 * Returns what an author can do about an obligation that fails. `found` is the run or state that
 * shows it; undefined if none was found.
 */
export function adviceOf(
  obligation: ContractObligation,
  found: Counterexample | undefined,
): string | undefined {
  const { kind, intent } = obligation.obligation;
  const { about, exit } = obligation;
  if (about !== undefined) return adviceAbout(obligation, intent);
  if (kind === "satisfiable") {
    return "look for guards that contradict each other or an invariant: drop one and judge again";
  }
  if (exit !== undefined) {
    return `\`${exit.via.intent}\` must run and pay whenever \`${exit.name}\` is due: exclude this state by an invariant or by the condition of \`${exit.name}\`, or drop the guard that stops it`;
  }
  if (found === undefined) {
    return "if it is true, help the proof: an `assert` before it, or an invariant that says why";
  }
  const remedy = remedyOf(kind, intent);
  if (remedy === undefined || found.contract?.isReached === true) return remedy;
  return `${remedy}; or, if no calls lead to the state before, add an invariant that excludes it`;
}

function remedyOf(
  kind: ContractObligation["obligation"]["kind"],
  intent: string,
): string | undefined {
  switch (kind) {
    case "invariant":
    case "transition":
      return `let \`${intent}\` store what is missing, or add a guard to it`;
    case "range":
    case "defined":
      return `add a guard to \`${intent}\` that excludes this`;
    case "conservation":
      return `let each \`-=\` in \`${intent}\` have a \`+=\` of the same amount`;
    case "authority":
      return `make the account a \`signer\`, or add the guard \`signed(...)\` to \`${intent}\``;
    case "claim":
      return `pay the account in \`${intent}\`, ask for its signature, or exempt \`${intent}\` by \`unless\``;
    case "postcondition":
    case "assertion":
      return `correct the condition, or the effects of \`${intent}\``;
    default:
      return undefined;
  }
}

function adviceAbout({ about }: ContractObligation, intent: string): string | undefined {
  switch (about?.type) {
    case "exit":
      return adviceOnExit(about.exit, about.part, intent);
    case "absent-cell": {
      const { rule, head } = about;
      const map = rule.forEach[head];
      const keys = map?.binders.map(({ name }) => name) ?? [];
      const [first, second] = keys;
      const cell =
        second === undefined ? `${first} in ${map?.map}` : `${second} in ${map?.map}[${first}]`;
      return `every key without a cell counts, too: write \`${cell} => ...\`, or a condition that holds of 0, false and none`;
    }
    case "sum":
      return about.part === "absent"
        ? "the term must be 0 for 0, false and none: `if ... then ... else 0`"
        : "let the term have a value for every cell: test a divisor in an `if` before";
    case "coverage": {
      const holdings = holdingsOf(about.asset);
      if (about.part === "sign") return "add an invariant that keeps it from being negative";
      if (about.part === "together") {
        return `one exit pays one of them: write an exit for each scalar, one that keeps their sum, or \`uncovered ${holdings} "..."\``;
      }
      const place = about.parts[0]?.value;
      const [each, what] =
        place?.type === "sum"
          ? [`for each k in ${place.map}: `, `a cell of \`${place.map}\``]
          : ["", `\`${place?.name ?? ""}\``];
      return `let an exit \`exit NAME: ${each}C keeping E ...\` hold of ${what} whenever it counts, with at least that amount, or say why none does: \`uncovered ${holdings} "..."\``;
    }
    case "no-coverage": {
      const holdings = holdingsOf(about.asset);
      return `add \`invariant solvent: vault.${holdings} == ...\`, where the right side adds sums and scalars, and an exit for each; or say why nobody can claim it: \`uncovered ${holdings} "..."\``;
    }
    case undefined:
      return undefined;
  }
}

function adviceOnExit(
  exit: TypedExit,
  part: "due" | "stands" | "untouched" | "paid",
  intent: string,
): string {
  const { name, after, within } = exit;
  if (part === "due") {
    const most = within?.type === "literal" ? String(within.value) : "N";
    return `add a guard to \`${intent}\`: the time after which \`${name}\` is due is \`<= now + ${most}\``;
  }
  const until =
    after === undefined
      ? ""
      : `, or name \`${intent}\` after \`unless\`: it may then act until the time has passed`;
  return `let \`${intent}\` pay the owner at least as much, or add the guard that the owner signs${until}`;
}

function holdingsOf(asset: string): string {
  return asset === "" ? "balance" : `balance[${asset}]`;
}
