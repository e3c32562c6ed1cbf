import type { AttackName } from "../attacks/all-attacks.ts";
import type { Change } from "./load-twin.ts";

/** A kernel that is wrong in one place. */
export interface Twin extends Change {
  /** Description of the fault. */
  readonly name: string;
  /** The generator that finds it soonest; or why it is no less sound than the kernel. */
  readonly finder: AttackName | { readonly equivalent: string };
}

/** Why a twin may be as sound as the kernel. */
export const noLostProof = "says less than it may: proofs are lost, none is wrong";

/** A wrong twin that a generator finds. */
export function twin(
  file: string,
  name: string,
  finder: AttackName,
  [from, to]: readonly [from: string, to: string],
): Twin {
  return { file: `kernel/${file}.ts`, name, finder, from, to };
}

/** A twin that differs and is as sound: what it lacks is checked elsewhere too, or loses proofs. */
export function harmless(
  file: string,
  name: string,
  equivalent: string,
  [from, to]: readonly [from: string, to: string],
): Twin {
  return { file: `kernel/${file}.ts`, name, finder: { equivalent }, from, to };
}
