import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkIntentCertificate } from "../../src/certificate/index.ts";
import { createJudge, formatSource, type Judge, type Judged } from "../../src/index.ts";

const library = new URL("../../library/contracts/", import.meta.url);
const attacks = new URL("attacks/", library);

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
});
afterAll(() => judge.close());

function namesIn(folder: URL): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1));
}

async function judged(source: Uint8Array): Promise<Judged> {
  const judgement = await judge.check({ type: "publish", source });
  if (judgement.type !== "judged") throw new Error(`not judged: ${judgement.type}`);
  return judgement;
}

describe("the library of contracts", () => {
  test.each(namesIn(library))(
    "%s is valid, and its certificate is accepted",
    async (name) => {
      const source = readFileSync(new URL(name, library));

      const judgement = await judged(source);

      expect(judgement.obligations.filter(({ verdict }) => verdict !== "valid")).toEqual([]);
      expect(judgement).toMatchObject({ verdict: "valid", trust: "certified" });
      const { certificate = new Uint8Array() } = judgement;
      expect(checkIntentCertificate(source, certificate)).toMatchObject({
        type: "certified",
        obligations: judgement.obligations.length,
      });
    },
    30_000,
  );

  test("the contracts of docs/contracts.md are valid, too", async () => {
    const page = readFileSync(new URL("../../docs/contracts.md", import.meta.url), "utf8");
    const sources = [...page.matchAll(/^```\n(contract \w+ \{\n[^]*?)\n```$/gm)];
    const verdicts = [];
    for (const [, source = ""] of sources) {
      const { verdict } = await judged(new TextEncoder().encode(source));
      verdicts.push(verdict);
    }

    expect(verdicts).toEqual(["valid", "valid"]);
  }, 30_000);

  test("every contract has an attack, and says first what it does and what is proved", () => {
    expect(namesIn(attacks)).toEqual(namesIn(library));
    for (const name of namesIn(library)) {
      const text = readFileSync(new URL(name, library), "utf8");
      expect(text.slice(0, text.indexOf("\ncontract "))).toMatch(/^# [A-Z][\s\S]*\n#\n# Proved: /);
    }
  });
});

test("every source is formatted", () => {
  for (const folder of [library, attacks]) {
    for (const name of namesIn(folder)) {
      const text = readFileSync(new URL(name, folder), "utf8");
      expect(formatSource(text), name).toEqual({ ok: true, text });
    }
  }
});
