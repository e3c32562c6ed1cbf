import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge } from "../../src/index.ts";

const library = new URL("../../library/", import.meta.url);
const filesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, library))
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1));
const honest = [...filesIn("./"), ...filesIn("assets/").map((file) => `assets/${file}`)];
const attacks = filesIn("attacks/");

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 2 });
});
afterAll(() => judge.close());

const judged = async (file: string) => {
  const source = readFileSync(new URL(file, library));
  return {
    text: source.toString(),
    judgement: await judge.check({ type: "publish", source, privileged: true }),
  };
};

describe("the library, before the real Judge", () => {
  test.each(honest)("%s is valid", async (file) => {
    const { text, judgement } = await judged(file);

    expect(judgement).toMatchObject({ type: "judged", verdict: "valid" });
    expect(text).toMatch(/^# /);
  });

  test("each intent of the library has an attack", () => {
    expect(honest.map((file) => file.replace("assets/", "")).toSorted()).toEqual(attacks);
  });

  test.each(attacks)(
    "the attack on %s is refused, for the reason that its head gives",
    async (file) => {
      const { text, judgement } = await judged(`attacks/${file}`);

      const kind = /Expected: refused, (?<kind>\w+)\./.exec(text)?.groups?.["kind"];
      if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
      expect(judgement.verdict).toBe("refuted");
      expect(judgement.counterexample).toMatchObject({ kind });
      expect(judgement.reason?.startsWith(`${kind} of `)).toBe(true);
    },
  );
});
