import { readFileSync } from "node:fs";
import { KERNEL_VERSION } from "@aethel/verifier/certificate";
import { expect, test } from "vitest";

test("the README's example runs and says what its comments say", async () => {
  const { intent, theorem } = await import("../../examples/judge.ts");

  expect(theorem).toMatchObject({ verdict: "valid" });
  expect(intent).toMatchObject({ verdict: "refuted" });
  expect(intent.type === "judged" && intent.reason).toMatch(/^authority of steal/);
});

test("the example of a certificate runs, and a theft is not certified", async () => {
  const { answer, stolen } = await import("../../examples/certificate.ts");

  expect(answer).toMatchObject({ type: "certified", obligations: 6 });
  expect(stolen).toMatchObject({ type: "failed", obligation: { kind: "authority" } });
});

test("the example of a theorem's certificate runs, and what it takes out is a proof", async () => {
  const { answer, proof } = await import("../../examples/theorem-certificate.ts");

  expect(answer.type).toBe("certified");
  expect(proof?.[0]).toBe(KERNEL_VERSION);
});

test.each([
  ["README.md", "judge"],
  ["docs/certificates.md", "certificate"],
  ["docs/certificates.md", "theorem-certificate"],
])("%s holds the example %s as it is", (file, name) => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

  expect(read(`../../${file}`)).toContain(read(`../../examples/${name}.ts`).trim());
});
