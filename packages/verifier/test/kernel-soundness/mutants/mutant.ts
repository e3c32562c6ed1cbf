import type { AttackName } from "../attacks/all-attacks.ts";
import type { Change } from "./load-mutant.ts";

/** Mutant of the kernel: one change to one file. */
export interface Mutant extends Change {
  /** Description of the change. */
  readonly name: string;
  /** Generator that finds it soonest, or the reason why it is as sound as the kernel. */
  readonly finder: AttackName | { readonly equivalent: string };
}

/** Reason why a mutant may be as sound as the kernel. */
export const noLostProof = "says less than it may: proofs are lost, none is wrong";

/** Returns an unsound mutant, which a generator finds. */
export function mutant(
  file: string,
  name: string,
  finder: AttackName,
  [from, to]: readonly [from: string, to: string],
): Mutant {
  return { file: `kernel/${file}.ts`, name, finder, from, to };
}

/** Returns an equivalent mutant: it loses proofs only, or another place checks the same. */
export function equivalentMutant(
  file: string,
  name: string,
  equivalent: string,
  [from, to]: readonly [from: string, to: string],
): Mutant {
  return { file: `kernel/${file}.ts`, name, finder: { equivalent }, from, to };
}
