import { lawfulClaim } from "../formulas/lawful-claim.ts";
import { refutedClaim } from "../formulas/refuted-claim.ts";
import { strangeClaim } from "../hostile/strange-claim.ts";
import { createRandom } from "../oracle/random.ts";
import { isWellSorted } from "../oracle/well-sorted.ts";
import type { Attack } from "./attack.ts";

/** Terms that are none, or of no sort: refused, whatever they are, and never an exception. */
export const attackTerms: Attack = (checker, seed) => {
  const random = createRandom(`${seed}/strange`);
  const { claim } = random.percent(50) ? refutedClaim(seed) : lawfulClaim(seed, 1);
  const strange = strangeClaim(claim, random);
  const sound = checker.certify(claim, Uint8Array.of(1));
  if (sound.type === "refused" && sound.step === undefined) return `refused: ${sound.reason}`;
  // Callers in plain JavaScript give anything: that is what is tried here.
  const answer = checker.certify(strange as typeof claim, Uint8Array.of(1));
  const search = checker.findCertificate(strange as typeof claim, { ...SHORT });
  if (isWellSorted(strange)) return undefined;
  if (search.type === "found") return "a certificate of what is no claim";
  if (answer.type !== "refused" || answer.step !== undefined) {
    return `what is no claim is ${answer.type}`;
  }
  return undefined;
};

const SHORT = { stepsMax: 20_000, digitsMax: 1_024, bytesMax: 65_536, lemmasMax: 200 };
