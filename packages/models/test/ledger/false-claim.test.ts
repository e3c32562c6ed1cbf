import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  annexRoot,
  claimedEntries,
  FalseClaim,
  findFalseClaimDefect,
  JudgedResult,
  listRoot,
  Proof,
  proveListItem,
  readAnnex,
  type Verdict,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const COUNT = 6;

const proofs = Array.from({ length: COUNT }, (_, salt) => exampleOf(Proof.schema, salt) as Proof);
const items = proofs.map((proof) => Proof.encode(proof));

function entry(at: number, verdict: Verdict): Uint8Array {
  const example = exampleOf(JudgedResult.schema, at) as JudgedResult;
  return JudgedResult.encode({ ...example, at, verdict });
}

function proofAt(at: number): Proof {
  const proof = proofs[at];
  if (proof === undefined) throw new RangeError(`no proof ${at}`);
  return proof;
}

/** A claim about the proof at a place, with entries of the annex at some indexes. */
function claimOf(annex: readonly Uint8Array[], at: number, shown: readonly number[]): FalseClaim {
  return {
    proof: proofAt(at),
    proofPath: proveListItem(items, at),
    entries: claimedEntries(annex, shown),
    counterexample: new Uint8Array(),
  };
}

function defectOf(annex: readonly Uint8Array[], claim: FalseClaim): string | undefined {
  const header = { payloadRoot: listRoot(items), annexRoot: annexRoot(annex) };
  return findFalseClaimDefect(header, FalseClaim.decode(FalseClaim.encode(claim)));
}

const places = fc.nat({ max: COUNT - 1 });
const verdicts = fc.constantFrom<Verdict>("valid", "refuted", "unknown");
/** Honest answers about some places, and one entry at least that is none of them. */
const entries = fc.oneof(
  fc.tuple(places, verdicts).map(([at, verdict]) => entry(at, verdict)),
  fc.uint8Array({ maxLength: 40 }),
);
const annexes = fc.array(entries, { maxLength: 8 });
const honest = fc
  .tuple(places, fc.array(verdicts, { minLength: COUNT, maxLength: COUNT }), fc.nat({ max: 63 }))
  .map(([at, said, judged]) => {
    const annex = said.flatMap((verdict, place) => {
      if (place === at) return [entry(place, verdict === "valid" ? "unknown" : verdict)];
      return (judged >> place) % 2 === 1 ? [entry(place, verdict)] : [];
    });
    return { at, annex };
  });

describe("P5: a claim that a header is false", () => {
  test("is found in every annex that does not say of a refuted proof that it is not valid", () => {
    fc.assert(
      fc.property(annexes, places, (annex, at) => {
        const read = annex.map((bytes) => {
          try {
            return JudgedResult.decode(bytes);
          } catch {
            return undefined;
          }
        });
        const said = read.filter((one) => one?.at === at);
        const isTrue =
          !read.includes(undefined) &&
          said.length > 0 &&
          said.every((one) => one?.verdict !== "valid");
        const lie = readAnnex(annex)(at);

        expect(lie === undefined).toBe(isTrue);
        if (lie !== undefined) expect(defectOf(annex, claimOf(annex, at, lie))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test("is none about an honest annex, whatever entries are shown and in whatever order", () => {
    fc.assert(
      fc.property(
        honest,
        fc.array(fc.nat({ max: COUNT - 1 }), { maxLength: 2 }),
        ({ at, annex }, shown) => {
          expect(readAnnex(annex)(at)).toBeUndefined();
          const there = shown.filter((index) => index < annex.length);
          expect(defectOf(annex, claimOf(annex, at, there))).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("shows nothing by a proof or an entry that the header does not have", () => {
    const annex = [entry(0, "valid"), entry(1, "valid"), entry(3, "refuted")];
    const good = claimOf(annex, 1, [1]);
    expect(defectOf(annex, good)).toBeUndefined();
    const [shown] = good.entries;
    if (shown === undefined) throw new Error("an entry is shown");

    const foreign = exampleOf(Proof.schema, 9) as Proof;
    const changes: readonly Partial<FalseClaim>[] = [
      { proof: foreign },
      { proofPath: { ...good.proofPath, index: 2 } },
      { entries: [{ ...shown, entry: entry(1, "refuted") }] },
      { entries: [{ ...shown, path: { ...shown.path, index: 0 } }] },
      { entries: [{ ...shown, path: { ...shown.path, count: 2 } }] },
      { entries: [] },
    ];
    for (const change of changes) {
      expect(defectOf(annex, { ...good, ...change })).toBe("not-in-block");
    }
    const swapped = { payloadRoot: annexRoot(annex), annexRoot: listRoot(items) };
    expect(findFalseClaimDefect(swapped, good)).toBe("not-in-block");
  });

  test("shows a proof to be left out by neighbours alone: no others, none with a gap", () => {
    const annex = [
      entry(0, "refuted"),
      entry(1, "refuted"),
      entry(3, "refuted"),
      entry(5, "valid"),
    ];
    expect(defectOf(annex, claimOf(annex, 2, [1, 2]))).toBeUndefined();
    for (const shown of [[2, 1], [0, 2], [1, 3], [1], [2], [0], [3], [2, 3]]) {
      expect(defectOf(annex, claimOf(annex, 2, shown))).toBe("no-lie");
    }
  });
});
