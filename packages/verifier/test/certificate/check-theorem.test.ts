import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  checkTheoremCertificate,
  decodeCertificate,
  decodeEntry,
  encodeCertificate,
  encodeEntry,
} from "../../src/certificate/index.ts";
import { type Certifier, certifier } from "../../src/verdicts/certifier.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";

const sum = `(declare-const x Int)(declare-const y Int)
(assert (>= x 1))(assert (>= y x))(assert (<= (+ x y) 1))(check-sat)`;
/** The same assertions, but for a number with which they hold. */
const possible = sum.replace("(+ x y) 1)", "(+ x y) 2)");
const congruence = `(declare-sort U 0)(declare-const a U)(declare-const b U)(declare-fun f (U) U)
(assert (= a b))(assert (not (= (f a) (f b))))(check-sat)`;

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("the certificate of a theorem", () => {
  test.each([sum, congruence])(
    "is checked without a solver, and says what it costs: %s",
    (script) => {
      const answer = check(script, certificateOf(script));

      expect(answer.type).toBe("certified");
      expect(answer.type === "certified" && answer.work).toBeGreaterThan(0);
    },
  );

  test("names nothing of the script: renamed and laid out anew it is certified by the same bytes", () => {
    const renamed = sum.replaceAll("x", "first").replaceAll("y", "|the second|");

    expect(check(`; a comment\n${renamed}`, certificateOf(sum)).type).toBe("certified");
  });

  test("shows nothing of another theorem, and nothing of assertions that can hold", () => {
    for (const other of [possible, congruence, "(assert true)(check-sat)"]) {
      expect(check(other, certificateOf(sum)), other).toMatchObject({ type: "failed" });
    }
  });

  test("is one row with one entry, which is a proof: all else is refused", () => {
    const [[entry = new Uint8Array()] = []] = decodeCertificate(certificateOf(sum)) ?? [];
    const decoded = decodeEntry(entry);
    if (decoded?.type !== "proof") throw new Error("a theorem has a proof");
    const { proof } = decoded;
    const reasonOf = (rows: readonly (readonly Uint8Array[])[]): string => {
      const answer = check(sum, encodeCertificate(rows));
      return answer.type === "failed" ? answer.reason : answer.type;
    };
    const notOne = "these bytes are no certificate of one claim";
    const noProof = "the entry is not a proof";

    expect(reasonOf([[entry]])).toBe("certified");
    expect(reasonOf([])).toBe(notOne);
    expect(reasonOf([[]])).toBe(notOne);
    expect(reasonOf([[entry, entry]])).toBe(notOne);
    expect(reasonOf([[entry], [entry]])).toBe(notOne);
    expect(reasonOf([[entry], []])).toBe(notOne);
    expect(reasonOf([[encodeEntry({ type: "cut", lemmas: [], proof })]])).toBe(noProof);
    expect(reasonOf([[encodeEntry({ type: "witness", values: [] })]])).toBe(noProof);
    expect(reasonOf([[new Uint8Array()]])).toBe(noProof);
  });

  test("that the kernel refuses, or that reaches a limit of it, fails with the kernel's reason", () => {
    const proofs = [Uint8Array.of(1), new Uint8Array(70_000).fill(1)];
    const answers = proofs.map((proof) =>
      check(sum, encodeCertificate([[encodeEntry({ type: "proof", proof })]])),
    );

    expect(answers).toEqual([
      {
        type: "failed",
        reason:
          "step 0: the certificate ends without a contradiction" +
          " (the bytes are damaged, or of another source)",
      },
      { type: "failed", reason: "the kernel's limit of bytes is reached" },
    ]);
  });

  test("of a script that is refused, or that is outside the fragment, shows nothing", () => {
    const bytes = certificateOf(sum);

    expect(check(`(set-option :timeout 1)${sum}`, bytes)).toMatchObject({
      type: "rejected",
      code: "option",
    });
    expect(check(sum.replace("(>= x 1)", "(>= x 1.5)"), bytes)).toMatchObject({
      type: "rejected",
      code: "sort",
    });
    for (const fact of ["(forall ((z Int)) (= z z))", '(= "a" "a")']) {
      expect(check(sum.replace("(check-sat)", `(assert ${fact})(check-sat)`), bytes)).toEqual({
        type: "failed",
        reason: "the script is not in the fragment that can be certified",
      });
    }
  });

  test("with any byte changed never shows what is false, and with most shows nothing at all", () => {
    const good = certificateOf(sum);
    let failed = 0;
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const bytes = good.with(at, value);
        expect(check(possible, bytes).type).toBe("failed");
        if (check(sum, bytes).type === "failed") failed++;
      }),
      { numRuns: 400 },
    );
    expect(failed).toBeGreaterThan(200);
  });

  test("of any bytes at all there is an answer", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ maxLength: 60 }),
        (one, two) => {
          expect(check(possible, one).type).toBe("failed");
          expect(checkTheoremCertificate(two, one).type).toBe("rejected");
        },
      ),
    );
  });
});

test("a theorem of which no certificate is found, or a wrong one, is valid on the solver's word", () => {
  const script = new TextEncoder().encode(sum);
  const lost: Certifier = {
    ...certifier,
    find: () => ({ type: "none", reason: "steps", steps: 1 }),
  };
  const wrong: Certifier = {
    ...certifier,
    find: () => ({ type: "found", certificate: Uint8Array.of(1), steps: 1 }),
  };

  for (const using of [lost, wrong]) {
    const judgement = judgePayload(z3, { type: "theorem", script }, 10_000_000, using);
    expect(judgement).toMatchObject({ verdict: "valid", trust: "solver" });
    expect(judgement).not.toHaveProperty("certificate");
  }
});

function check(
  script: string,
  certificate: Uint8Array,
): ReturnType<typeof checkTheoremCertificate> {
  return checkTheoremCertificate(new TextEncoder().encode(script), certificate);
}

function certificateOf(script: string): Uint8Array {
  const payload = { type: "theorem", script: new TextEncoder().encode(script) } as const;
  const judgement = judgePayload(z3, payload, 10_000_000);
  if (judgement.type !== "judged" || judgement.certificate === undefined) {
    throw new Error(`${judgement.type}: no certificate`);
  }
  return judgement.certificate;
}
