import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type CertificateCheck, checkIntentCertificate } from "../../src/certificate/index.ts";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import type { Judged } from "../../src/judgement.ts";
import { standardIntents } from "../../src/standard-intents.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { collection, issueToMany, payroll, twoPayers } from "../intent/many-accounts.ts";

const repository = new URL("../../../../", import.meta.url);

/** A source that the project ships, and whether it stands on the genesis list. */
interface Shipped {
  readonly name: string;
  readonly source: string;
  readonly privileged: boolean;
}

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("everything that the project ships is certified, obligation by obligation", () => {
  test.each(standardIntents())("$name of the standard intents", expectCertified);

  test.each([
    ...filesIn("packages/verifier/library/"),
    ...filesIn("packages/verifier/library/assets/"),
  ])("$name", expectCertified);

  test.each(filesIn("examples/intents/").filter((file) => !file.name.includes("refused-")))(
    "$name",
    expectCertified,
  );

  test.each(["README.md", "packages/verifier/docs/language.md"].flatMap(quotedIn))(
    "$name",
    expectCertified,
  );
});

describe("accounts that may all be the same", () => {
  test.each([6, 13])("a sender may pay %i receivers, itself among them or not", (receivers) => {
    for (const mayPayItself of [false, true]) {
      expectCertified(own(payroll({ receivers, mayPayItself })));
    }
    expectCertified(own(payroll({ receivers, debitsFirst: false })));
  });

  test("twelve may pay one", () => {
    expectCertified(own(collection(12)));
  });

  test("two may pay ten, and an issuer may give to twelve", () => {
    expectCertified(own(twoPayers(10)));
    expectCertified(own(issueToMany(12)));
  });

  test("the language's most, sixteen parameters", () => {
    const source = payroll({ receivers: 14 });

    expect(compileSource(source)).toMatchObject({ intents: [{ parameters: { length: 16 } }] });
    expectCertified(own(source));
  });
});

function expectCertified({ name, source, privileged }: Shipped): void {
  const payload = {
    type: "publish",
    source: new TextEncoder().encode(source),
    privileged,
  } as const;
  const judgement = judgePayload(z3, payload, 10_000_000);

  expect(judgement, name).toMatchObject({ type: "judged", verdict: "valid", trust: "certified" });
  const { certificate = new Uint8Array(), obligations } = judgement as Judged;
  expect(obligations.map(({ label, trust }) => [label, trust])).toEqual(
    obligations.map(({ label }) => [label, "certified"]),
  );
  const expected: Partial<CertificateCheck> = {
    type: "certified",
    obligations: obligations.length,
    work: obligations.reduce((sum, one) => sum + (one.certificate?.work ?? 0), 0),
  };
  expect(checkIntentCertificate(source, certificate, { privileged })).toEqual(expected);
}

function own(source: string): Shipped {
  return { name: source.slice(0, 40), source, privileged: false };
}

function filesIn(folder: string): readonly Shipped[] {
  return readdirSync(new URL(folder, repository))
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((file) => ({
      name: `${folder}${file}`,
      source: readFileSync(new URL(`${folder}${file}`, repository), "utf8"),
      privileged: true,
    }));
}

/** Intents that a document shows in whole. */
function quotedIn(file: string): readonly Shipped[] {
  const text = readFileSync(new URL(file, repository), "utf8");
  return [...text.matchAll(/```[a-z]*\n([^`]*\bintent [a-z_]+\([^`]*)```/g)].flatMap(
    ([, source = ""], at) =>
      compileSource(source, { privileged: true }).ok
        ? [{ name: `${file}, intent ${at + 1}`, source, privileged: true }]
        : [],
  );
}
