import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createJudge } from "../../src/index.ts";
import { determinismPayloads } from "./determinism-payloads.ts";

const run = promisify(execFile);
const child = fileURLToPath(new URL("determinism-child.ts", import.meta.url));
const extent = process.env["AETHEL_SLOW"] === "1" ? "all" : "sample";

/** Judgements of a new process, by the index of the payload. */
async function judgeInProcess(how: {
  readonly workers: number;
  readonly seed: number;
  readonly disturb?: boolean;
}): Promise<ReadonlyMap<number, unknown>> {
  const facts = [extent, `${how.workers}`, `${how.seed}`, how.disturb ? "disturb" : "calm"];
  const options = ["--conditions=@aethel/source", child, ...facts];
  const { stdout } = await run(process.execPath, options, { maxBuffer: 2 ** 28 });
  return new Map(
    stdout
      .trim()
      .split("\n")
      .map((line): [number, unknown] => JSON.parse(line)),
  );
}

const isAbstained = (judgement: unknown): boolean =>
  (judgement as { readonly type: string }).type === "abstained";

/** A byte array comes out of JSON as an object with a key for each byte. */
const certificateLength = (judgement: unknown): number =>
  Object.keys((judgement as { readonly certificate?: object }).certificate ?? {}).length;

describe("determinism", () => {
  test("P4, B26: the same judgement in any process and order, with 1 worker and with 4, after crashes", async () => {
    const count = determinismPayloads(extent).length;
    const reference = await judgeInProcess({ workers: 1, seed: 1 });
    const others = [
      await judgeInProcess({ workers: 4, seed: 2 }),
      await judgeInProcess({ workers: 1, seed: 3, disturb: true }),
    ];
    if (extent === "all") others.push(await judgeInProcess({ workers: 2, seed: 4, disturb: true }));

    expect(reference.size).toBe(count);
    // Certificates are compared with all else, byte for byte: here are some.
    const certified = [...reference.values()].filter((one) => certificateLength(one) > 0);
    expect(certified.length).toBeGreaterThan(9);
    let compared = 0;
    for (const other of others) {
      expect(other.size).toBe(count);
      for (const [index, judgement] of other) {
        // No verdict is no disagreement; that there are few is checked below.
        if (isAbstained(judgement) || isAbstained(reference.get(index))) continue;
        expect(judgement, `payload ${index}`).toEqual(reference.get(index));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(others.length * count * 0.97);
    if (extent === "sample") expect(compared).toBe(others.length * count);
  }, 7_200_000);

  test("P4: a limit of one unit less than the count gives unknown, the count and one more the verdict", async () => {
    await using judge = await createJudge({ workers: 2 });
    let decided = 0;
    const payloads = determinismPayloads("sample");
    await Promise.all(
      payloads.map(async (payload, index) => {
        const whole = await judge.check(payload);
        if (whole.type !== "judged" || whole.verdict !== "valid" || whole.resource < 2) return;
        const { verdict, resource, difficulty } = whole;
        for (const extra of [0, 1]) {
          const again = await judge.check(payload, { resourceLimit: resource + extra });
          expect(again, `payload ${index}`).toMatchObject({ verdict, resource, difficulty });
        }
        const short = await judge.check(payload, { resourceLimit: resource - 1 });
        const cut = { verdict: "unknown", resource: resource - 1 };
        expect(short, `payload ${index}`).toMatchObject(cut);
        decided++;
      }),
    );

    expect(decided).toBeGreaterThan(payloads.length / 2);
  });
});
