import { type Infer, natural, struct } from "../codec/index.ts";
import { ModelsError } from "../errors.ts";
import type { Proof } from "./proof.ts";
import { resultFields, type VerificationResult } from "./verification.ts";

/**
 * Entry of a ledger block's annex: the result of one judged proof. The results of calls are not in
 * the annex, and the header has a root over them.
 */
export const JudgedResult = struct("JudgedResult", {
  /** Index of the proof's item. Entries ascend strictly by it. */
  at: natural(2),
  ...resultFields,
});
export type JudgedResult = Infer<typeof JudgedResult>;

/**
 * Builds the annex of a block: the encoded results of its judged proofs, in the order of the items.
 * They are separate entries so that evidence can show one of them to be false.
 */
export function annexOf(
  proofs: readonly Pick<Proof, "body">[],
  results: readonly VerificationResult[],
): readonly Uint8Array[] {
  return proofs.flatMap(({ body }, at) => {
    const result = results[at];
    if (body.type === "invoke" || result === undefined) return [];
    const { proofHash: _, ...said } = result;
    return [JudgedResult.encode({ at, ...said })];
  });
}

/** Returns the results of the calls. The header has a root over these results. */
export function callResultsOf(
  proofs: readonly Pick<Proof, "body">[],
  results: readonly VerificationResult[],
): readonly VerificationResult[] {
  return results.filter((_, at) => proofs[at]?.body.type === "invoke");
}

/**
 * Decodes an entry of an annex. Returns undefined if the entry is not the result of a judged proof.
 */
function readEntry(entry: Uint8Array): JudgedResult | undefined {
  try {
    return JudgedResult.decode(entry);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

/**
 * Indexes of at most two entries of an annex that show a lie about a refuted proof. The list is
 * empty if the annex is empty.
 */
export type LieAt = readonly number[];

/**
 * Reads an annex, and returns a function for refuted proofs. The function takes the index of a
 * proof's item. It returns the indexes of the entries that show a lie about this proof, or
 * undefined if there is no lie: all entries can be decoded, the proof has an entry, and none of its
 * entries says `valid`.
 *
 * An annex that leaves the proof out lies too. The entries of an honest annex ascend, so the two
 * entries around the index show that the proof is left out. If the entries do not ascend, there are
 * still two neighbours that show it: one is before the index and the next is after it.
 */
export function readAnnex(annex: readonly Uint8Array[]): (at: number) => LieAt | undefined {
  const entries = annex.map(readEntry);
  const unreadable = entries.indexOf(undefined);
  const validAt = new Map<number, number>();
  const named = new Set<number>();
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) continue;
    named.add(entry.at);
    if (entry.verdict === "valid") validAt.set(entry.at, index);
  }
  return (at) => {
    if (unreadable >= 0) return [unreadable];
    const valid = validAt.get(at);
    if (valid !== undefined) return [valid];
    return named.has(at) ? undefined : neighboursOf(entries, at);
  };
}

function neighboursOf(entries: readonly (JudgedResult | undefined)[], at: number): LieAt {
  const isAfter = (index: number): boolean => (entries[index]?.at ?? 0) > at;
  const last = entries.length - 1;
  if (last < 0) return [];
  if (isAfter(0)) return [0];
  if (!isAfter(last)) return [last];
  const next = entries.findIndex((_, index) => index > 0 && !isAfter(index - 1) && isAfter(index));
  return [next - 1, next];
}

/** Entry of an annex, with its index in the annex and the annex's number of entries. */
export interface ShownEntry {
  readonly entry: Uint8Array;
  readonly index: number;
  readonly count: number;
}

/**
 * Tells whether entries of an annex show a lie about the refuted proof in the item at the index
 * `at`. If `shown` is empty, it returns true: the caller checks that the annex is empty.
 *
 * Entries of an honest annex never show a lie. Each can be decoded, they ascend, and each judged
 * proof has an entry with the verdict of the Judge.
 */
export function isLie(shown: readonly ShownEntry[], at: number): boolean {
  const [first, second, ...more] = shown;
  if (first === undefined) return true;
  const before = readEntry(first.entry);
  if (second !== undefined) {
    const after = readEntry(second.entry);
    if (before === undefined || after === undefined || more.length > 0) return false;
    return second.index === first.index + 1 && before.at < at && at < after.at;
  }
  if (before === undefined) return true;
  if (before.at === at) return before.verdict === "valid";
  return before.at > at ? first.index === 0 : first.index === first.count - 1;
}
