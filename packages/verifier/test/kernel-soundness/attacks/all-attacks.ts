import { pinnedClaims } from "../formulas/pinned-claims.ts";
import type { Checker } from "../hostile/checker.ts";
import type { Attack } from "./attack.ts";
import { attackCertificates } from "./certificates.ts";
import { attackFormulas } from "./formulas.ts";
import { attackLaws } from "./laws.ts";
import { attackLemmas } from "./lemmas.ts";
import { attackPinned } from "./pinned.ts";
import { attackTerms } from "./terms.ts";

/** The four generators, strange terms, and the claims that were written by hand. */
export const attacks = {
  formulas: attackFormulas,
  laws: attackLaws,
  lemmas: attackLemmas,
  certificates: attackCertificates,
  terms: attackTerms,
  pinned: attackPinned,
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof attacks;

/** The checker under attack, as it stands in the sources. */
export const kernelModules: (path: string) => Promise<Partial<Checker>> = async (path) =>
  await import(new URL(`../../../src/${path}.ts`, import.meta.url).href);

/** Seeds of an attack: of the pinned claims there are only so many. */
export function seedsOf(name: AttackName, count: number, series = ""): readonly string[] {
  const length = name === "pinned" ? pinnedClaims.length : count;
  return Array.from({ length }, (_, at) => (name === "pinned" ? `${at}` : `${series}${at}`));
}

/** Success of an attack on a checker. */
export interface Fall {
  readonly attack: AttackName;
  readonly seed: string;
  /** Message of the attack, or of the checker's exception. */
  readonly how: string;
}

/** The first seed with which an attack fells a checker. An exception of the checker is a fall. */
export function fallOf(
  checker: Checker,
  attack: AttackName,
  seeds: readonly string[],
): Fall | undefined {
  for (const seed of seeds) {
    const how = tryAttack(checker, attack, seed);
    if (how !== undefined) return { attack, seed, how };
  }
  return undefined;
}

function tryAttack(checker: Checker, attack: AttackName, seed: string): string | undefined {
  try {
    return attacks[attack](checker, seed);
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message : "something"}`;
  }
}
