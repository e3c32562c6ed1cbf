import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type CertificateEntry,
  checkIntentCertificate,
  decodeCertificate,
  decodeEntry,
  encodeCertificate,
  encodeEntry,
} from "../../src/certificate/index.ts";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { type Certifier, certifier } from "../../src/verdicts/certifier.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import type { TimelessJudgement } from "../../src/verdicts/rejected.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { payroll } from "../intent/many-accounts.ts";

const transfer = `intent transfer(signer from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { from == to => from.balance == old(from.balance); }
}`;
const two = `${transfer}
intent give(signer giver: Account, taker: Account) {
  guard { giver.balance > 3; giver != taker; }
  effect { giver.balance -= 3; taker.balance += 3; }
  verify { taker.balance == old(taker.balance) + 3; }
}`;
const steal = transfer.replace("signer ", "");

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("the certificate of a source", () => {
  test("is checked without a solver, and says how much it covers", () => {
    expect(checkIntentCertificate(two, certificateOf(two))).toMatchObject({
      type: "certified",
      obligations: 12,
    });
  });

  test("is one row for each intent, and a row certifies the canonical text of its intent alone", () => {
    const rows = decodeCertificate(certificateOf(two)) ?? [];
    const compiled = compileSource(two);

    expect(rows).toHaveLength(2);
    if (!compiled.ok) throw new Error("the source compiles");
    for (const [at, { canonical }] of compiled.intents.entries()) {
      const own = encodeCertificate([rows[at] ?? []]);
      const other = encodeCertificate([rows[1 - at] ?? []]);
      expect(checkIntentCertificate(canonical, own).type).toBe("certified");
      expect(checkIntentCertificate(canonical, other).type).toBe("failed");
    }
  });

  test("of a true intent shows nothing of a false one, and names the obligation", () => {
    expect(checkIntentCertificate(steal, certificateOf(transfer))).toMatchObject({
      type: "failed",
      reason: expect.stringMatching(
        /^step \d+: .* \(the bytes are damaged, or of another source\)$/,
      ),
      obligation: { kind: "authority" },
    });
  });

  test("of another privilege or a source that is none is told apart", () => {
    const stake = `intent s(signer v: Account, n: Amount) {
      guard { v.balance >= n; } effect { v.balance -= n; v.stake += n; } verify { true; } }`;
    const bytes = certificateOf(stake, { privileged: true });

    expect(checkIntentCertificate(stake, bytes, { privileged: true }).type).toBe("certified");
    expect(checkIntentCertificate(stake, bytes).type).toBe("rejected");
    expect(checkIntentCertificate("intent", bytes).type).toBe("rejected");
  });

  test("with a row more or less than the source has intents is refused", () => {
    const rows = decodeCertificate(certificateOf(two)) ?? [];
    const check = (some: readonly (readonly Uint8Array[])[]): unknown =>
      checkIntentCertificate(two, encodeCertificate(some));

    expect(check(rows)).toMatchObject({ type: "certified" });
    for (const some of [[], rows.slice(0, 1), [...rows, []], [...rows, ...rows.slice(1)]]) {
      const reason = `the certificate is of ${some.length} intents, the source has 2`;
      expect(check(some)).toEqual({ type: "failed", reason });
    }
  });

  test("with an entry more, less or of the wrong type is refused", () => {
    const [row = []] = decodeCertificate(certificateOf(transfer)) ?? [];
    const check = (entries: readonly Uint8Array[]): string => {
      const answer = checkIntentCertificate(transfer, encodeCertificate([entries]));
      return answer.type === "failed" ? answer.reason : answer.type;
    };
    const swap = (at: number, entry: CertificateEntry): readonly Uint8Array[] =>
      row.with(at, encodeEntry(entry));
    const [witness, proof] = row.map(decodeEntry);

    expect(check(row)).toBe("certified");
    expect(check(row.slice(1))).toBe("transfer has 6 obligations, not 5");
    expect(check([...row, ...row.slice(-1)])).toBe("transfer has 6 obligations, not 7");
    if (witness?.type !== "witness" || proof?.type !== "proof") throw new Error("as they are");
    expect(check(swap(0, proof))).toBe("there is a proof where a witness is needed");
    expect(check(swap(1, witness))).toBe("there is a witness where a proof is needed");
    expect(check(swap(1, { ...proof, type: "cut", lemmas: [] }))).toBe("the obligation has no cut");
    const poor = witness.values.map(() => 0n);
    expect(check(swap(0, { type: "witness", values: poor }))).toBe(
      "the guards do not hold for the witness",
    );
    const { values } = witness;
    for (const other of [[], values.slice(1), values.slice(0, -1), [...values, 0n]]) {
      expect(check(swap(0, { type: "witness", values: other }))).toContain("witness");
    }
  });

  test("with any byte changed is refused, or certifies the same in another way", () => {
    const good = certificateOf(transfer);
    const seen = { certified: 0, failed: 0 };
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const answer = checkIntentCertificate(transfer, good.with(at, value));
        if (answer.type === "rejected") throw new Error("the source compiles");
        seen[answer.type]++;
        // The source is the same, and true: what must never happen is tried on a false one.
        expect(checkIntentCertificate(steal, good.with(at, value)).type).toBe("failed");
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 400, seed: 1 },
    );
    expect(seen.failed).toBeGreaterThan(200);
  });

  test("of any bytes at all there is an answer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(checkIntentCertificate(transfer, bytes).type).toBe("failed");
      }),
    );
  });
});

describe("the certificate of an intent that is cut", () => {
  const source = payroll({ receivers: 6 });

  test("holds each lemma once, with the first obligation that needs it", () => {
    const [row = []] = decodeCertificate(certificateOf(source)) ?? [];
    const kinds = row.map((bytes) => decodeEntry(bytes)?.type);
    const lemmas = row.map((bytes) => {
      const entry = decodeEntry(bytes);
      return entry?.type === "cut" ? entry.lemmas.length : 0;
    });

    expect(kinds).toEqual(["witness", ...row.slice(1).map(() => "cut")]);
    // Seven stores, each seen by seven accounts and by anyone.
    expect(lemmas.reduce((sum, count) => sum + count, 0)).toBe(7 * 8);
  });

  test("without a lemma, or with one too many, is refused", () => {
    const [row = []] = decodeCertificate(certificateOf(source)) ?? [];
    const at = row.findIndex((bytes) => {
      const entry = decodeEntry(bytes);
      return entry?.type === "cut" && entry.lemmas.length > 1;
    });
    const entry = decodeEntry(row[at] ?? new Uint8Array());
    if (entry?.type !== "cut") throw new Error("found above");
    const check = (lemmas: readonly Uint8Array[]): unknown =>
      checkIntentCertificate(
        source,
        encodeCertificate([row.with(at, encodeEntry({ ...entry, lemmas }))]),
      );

    expect(check(entry.lemmas)).toMatchObject({ type: "certified" });
    expect(check(entry.lemmas.slice(1))).toMatchObject({ type: "failed" });
    expect(check(entry.lemmas.slice(0, -1))).toMatchObject({ type: "failed" });
    expect(check([])).toMatchObject({
      type: "failed",
      reason: `${entry.lemmas.length} lemmas are needed, not 0`,
    });
    expect(check([...entry.lemmas, ...entry.lemmas])).toMatchObject({ type: "failed" });
    expect(check(entry.lemmas.map(() => new Uint8Array()))).toMatchObject({
      type: "failed",
      reason: expect.stringMatching(/^lemma \d+: /),
    });
  });
});

describe("an intent that the solver proves and nobody certifies", () => {
  const judged = (source: string, using: Certifier, limit = 1_000_000): TimelessJudgement =>
    judgePayload(z3, { type: "publish", source: new TextEncoder().encode(source) }, limit, using);
  const lost: Certifier = {
    ...certifier,
    find: (claim, stepsMax) =>
      JSON.stringify(claim.goal, plain).includes(".anyone")
        ? { type: "none", reason: "steps", steps: 7 }
        : certifier.find(claim, stepsMax),
  };

  test("is unknown, code uncertified, names the obligation, and costs what was used", () => {
    const sure = judged(transfer, certifier);
    const unsure = judged(transfer, lost);

    expect(unsure).toMatchObject({
      verdict: "unknown",
      code: "uncertified",
      reason: expect.stringMatching(
        /^authority of transfer: .*not certified: no certificate was found \(steps\)$/,
      ),
    });
    if (sure.type !== "judged" || unsure.type !== "judged") throw new Error("both are judged");
    expect(unsure.certificate).toBeUndefined();
    expect(unsure.trust).toBeUndefined();
    expect([unsure.resource, unsure.difficulty]).toEqual([sure.resource, sure.difficulty]);
    const of = unsure.obligations.filter((one) => one.code === "uncertified");
    expect(of).toMatchObject([{ kind: "authority", verdict: "unknown" }]);
    expect(of[0]?.trust).toBeUndefined();
  });

  test("is also one of which the kernel refuses what was found", () => {
    const wrong: Certifier = { ...certifier, find: () => ({ ...nothing, type: "found" }) };

    expect(judged(transfer, wrong)).toMatchObject({
      code: "uncertified",
      reason: expect.stringContaining("the kernel refuses"),
    });
  });

  test("an exception of the prover is none of these: it leaves the Judge", () => {
    const broken: Certifier = {
      ...certifier,
      find: () => {
        throw new RangeError("out of stack");
      },
    };

    expect(() => judged(transfer, broken)).toThrow("out of stack");
  });

  test("no certificate is searched for where the solver says no", () => {
    let searches = 0;
    const counting: Certifier = {
      ...certifier,
      find: (claim, stepsMax) => {
        searches++;
        return certifier.find(claim, stepsMax);
      },
    };

    expect(judged(steal, counting)).toMatchObject({ verdict: "refuted" });
    expect(searches).toBe(0);
    expect(judged(transfer, counting)).toMatchObject({ verdict: "valid" });
    expect(searches).toBe(5);
  });

  const nothing = { certificate: new Uint8Array(), steps: 1 } as const;
});

function certificateOf(
  source: string,
  options: { readonly privileged?: boolean } = {},
): Uint8Array {
  const payload = {
    type: "publish",
    source: new TextEncoder().encode(source),
    ...options,
  } as const;
  const judgement = judgePayload(z3, payload, 10_000_000);
  if (judgement.type !== "judged" || judgement.certificate === undefined) {
    throw new Error(JSON.stringify(judgement, plain));
  }
  return judgement.certificate;
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
