import { describe, expect, test } from "vitest";
import { CERTIFICATE_BYTES_MAX, decodeCertificate } from "../../src/certificate/container.ts";
import { decodeEntry } from "../../src/certificate/entry.ts";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import type { Claim } from "../../src/kernel/index.ts";
import { type Certifier, certifier } from "../../src/verdicts/certifier.ts";
import { type Evidence, produceCertificate } from "../../src/verdicts/produce.ts";

const claim: Claim = { assumptions: [], goal: { type: "boolean", value: true } };
const proof: Evidence = { type: "proof", claim };
const cut: Evidence = { type: "cut", lemmas: [claim, claim], claim };

/** Finds proofs of a length, in so many steps each, that a kernel then believes. */
function finding(bytes: number, steps = 1) {
  const given: number[] = [];
  const using: Certifier = {
    find: (_, stepsMax) => {
      given.push(stepsMax);
      return { type: "found", certificate: new Uint8Array(bytes), steps };
    },
    certify: () => ({ type: "certified", steps: 0, lemmas: 0, work: 7 }),
  };
  return { using, given };
}

describe("the certificates of a source together", () => {
  test("take no more steps than one search may: each gets what those before it left", () => {
    const { using, given } = finding(1, 30);

    expect(produceCertificate(using, [[proof, cut], [proof]], 120)).toEqual({
      type: "uncertified",
      row: 1,
      place: 0,
      reason: "no certificate was found (steps)",
    });
    expect(given).toEqual([120, 90, 60, 30]);
    expect(produceCertificate(finding(1, 30).using, [[proof, cut], [proof]], 121).type).toBe(
      "certified",
    );
  });

  test("have no more bytes than a value of the ledger: the first that is too many is named", () => {
    const large = finding(400_000).using;

    expect(produceCertificate(large, [[proof], [proof]], 10).type).toBe("certified");
    expect(produceCertificate(large, [[proof], [proof, proof], [proof]], 10)).toEqual({
      type: "uncertified",
      row: 1,
      place: 1,
      reason: "the certificates of the source have more than 1000000 bytes",
    });
  });

  test("have no more bytes than that with their counts and lengths, to the byte", () => {
    // Version, rows, entries, three bytes of length, and the entry's own first.
    const around = 7;
    const most = finding(CERTIFICATE_BYTES_MAX - around).using;
    const made = produceCertificate(most, [[proof]], 10);

    expect(made.type === "certified" && made.certificate.length).toBe(CERTIFICATE_BYTES_MAX);
    expect(
      produceCertificate(finding(CERTIFICATE_BYTES_MAX - around + 1).using, [[proof]], 10),
    ).toMatchObject({ type: "uncertified", reason: expect.stringContaining("1000000 bytes") });
  });

  test("are the entries in their order, and the kernel's work on a cut is that on its lemmas too", () => {
    const witness: Evidence = { type: "witness", values: [5n, true] };
    const made = produceCertificate(finding(3).using, [[witness, proof], [cut]], 10);

    if (made.type !== "certified") throw new Error(made.reason);
    const rows = decodeCertificate(made.certificate) ?? [];
    expect(rows.map((row) => row.map((bytes) => decodeEntry(bytes)?.type))).toEqual([
      ["witness", "proof"],
      ["cut"],
    ]);
    expect(made.entries).toEqual(
      rows.map((row) => row.map(({ length }) => ({ bytes: length, work: expect.any(Number) }))),
    );
    expect(made.entries.map((row) => row.map(({ work }) => work))).toEqual([[0, 7], [21]]);
  });
});

describe("the search of the Judge", () => {
  const compiled = compileSource(`intent pay(signer from: Account, to: Account, amount: Amount) {
    guard { amount > 0; from.balance >= amount; from != to; }
    effect { from.balance -= amount; to.balance += amount; }
    verify { to.balance == old(to.balance) + amount; }
  }`);
  const [intent] = compiled.ok ? compiled.intents : [];
  const last = intent === undefined ? undefined : obligationsOf(intent).at(-1);
  if (last === undefined) throw new Error("it has obligations");
  const obligation: Claim = last;

  test("ends at the steps that it is given, and at its own limit however many those are", () => {
    const found = certifier.find(obligation, Number.MAX_SAFE_INTEGER);

    expect(found.type).toBe("found");
    expect(certifier.find(obligation, found.steps)).toEqual(found);
    expect(certifier.find(obligation, Math.floor(found.steps / 2))).toMatchObject({
      type: "none",
      reason: "steps",
    });
  });
});
