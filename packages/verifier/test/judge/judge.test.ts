import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge, judgeIdentity, standardIntents } from "../../src/index.ts";
import { endless, outcome, payloadOf, quick, theorem } from "./fixtures.ts";

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
});
afterAll(async () => await judge.close());

const files = (folder: string): string[] =>
  readdirSync(new URL(`../../../../examples/${folder}/`, import.meta.url))
    .filter((file) => /\.(ae|smt2)$/.test(file))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((file) => `examples/${folder}/${file}`);

describe("theorems of the examples", () => {
  const all = files("theorems");

  test.each(all.filter((file) => !file.includes("/false-")))("%s is proved", async (file) => {
    const judgement = await judge.check(payloadOf(file));

    expect(outcome(judgement)).toBe("valid");
  });

  test.each(all.filter((file) => file.includes("/false-")))("%s is not", async (file) => {
    const judgement = await judge.check(payloadOf(file));

    expect(["refuted", "unknown"]).toContain(outcome(judgement));
    if (judgement.type !== "judged") return;
    expect(judgement.reason).toBeTypeOf("string");
    expect(judgement.counterexample === undefined).toBe(judgement.verdict === "unknown");
  });

  test("a model is shown in the script's own names", async () => {
    const judgement = await judge.check(
      theorem(
        "(declare-const cos Int)(declare-const |a b| Bool)(assert (and |a b| (= cos 7)))(check-sat)",
      ),
    );

    expect(judgement).toMatchObject({
      verdict: "refuted",
      counterexample: { type: "theorem" },
    });
    if (judgement.type !== "judged") return;
    const { counterexample } = judgement;
    if (counterexample === undefined || !("values" in counterexample)) return;
    const values = new Map(counterexample.values.map(({ name, value }) => [name, value]));
    expect(values).toEqual(
      new Map([
        ["cos", "7"],
        ["a b", "true"],
      ]),
    );
  });
});

describe("intents", () => {
  test.each(standardIntents())("$name of the standard library is proved", async (standard) => {
    const { privileged } = standard;
    const source = new TextEncoder().encode(standard.source);
    const judgement = await judge.check({ type: "publish", source, privileged });

    expect(judgement).toMatchObject({ type: "judged", verdict: "valid", kind: "publish" });
  });

  test.each([
    ["steal", "authority"],
    ["mint", "conservation"],
    ["off-by-one", "postcondition"],
    ["overflow", "range"],
    ["division-by-zero", "defined"],
    ["vacuous", "satisfiable"],
  ])("%s is refused for its %s", async (name, kind) => {
    const judgement = await judge.check(payloadOf(`examples/intents/refused-${name}.ae`));

    expect(judgement).toMatchObject({ type: "judged", verdict: "refuted" });
    if (judgement.type !== "judged") return;
    const refuted = judgement.obligations.filter((one) => one.verdict === "refuted");
    expect(refuted.map((one) => one.kind)).toContain(kind);
    // Of an intent that can never run there is no run to show.
    if (kind !== "satisfiable") expect(judgement.counterexample).toMatchObject({ kind });
  });

  test("guards that contradict are named, the least of them, each with its place", async () => {
    const source =
      new TextEncoder().encode(`intent never(signer a: Account, b: Account, n: Amount) {
  guard {
    a != b;
    n > 5;
    let half = n / 2;
    b.balance > 7;
    half < 2;
    a.balance >= n;
  }
  effect { a.balance -= n; b.balance += n; }
  verify { a.balance >= 0; }
}`);
    const judgement = await judge.check({ type: "publish", source });

    expect(judgement).toMatchObject({ type: "judged", verdict: "refuted" });
    if (judgement.type !== "judged") return;
    const [first, ...others] = judgement.obligations;
    const named = first?.contradiction?.map(({ text, span }) => [text, span.start.line]);
    expect(named).toEqual([
      ["n > 5", 4],
      ["half < 2", 7],
    ]);
    expect(judgement.reason).toContain("these guards contradict: `n > 5` (line 4), `half < 2`");
    // Each of the others is reported too, and all that was spent is somewhere.
    expect(others.map((one) => one.verdict)).toEqual(others.map(() => "valid"));
    const spent = judgement.obligations.reduce((total, one) => total + one.resource, 0);
    expect(spent).toBe(judgement.resource);
  });

  test("a guard that can never hold alone is named alone", async () => {
    const source = new TextEncoder().encode(`intent never(signer a: Account, n: Amount) {
      guard { a.balance >= n; n > 18446744073709551615; } effect { } verify { n >= 0; }
    }`);
    const judgement = await judge.check({ type: "publish", source });

    expect(judgement).toMatchObject({ verdict: "refuted" });
    expect(judgement.type === "judged" && judgement.reason).toMatch(
      /`n > 18446744073709551615` \(line 2\) can never hold$/,
    );
  });

  test("a source that does not parse is rejected with the place", async () => {
    const source = new TextEncoder().encode("intent x(");
    const judgement = await judge.check({ type: "publish", source });

    expect(judgement.type).toBe("rejected");
    if (judgement.type !== "rejected") return;
    expect(judgement.diagnostics[0]?.span?.start.line).toBe(1);
  });

  test("a source without intents proves nothing and is rejected", async () => {
    const source = new TextEncoder().encode("# only a comment\n");

    expect((await judge.check({ type: "publish", source })).type).toBe("rejected");
  });

  test("the limit is one for the whole source: obligation after obligation", async () => {
    const payload = payloadOf("examples/intents/tip.ae");
    const whole = await judge.check(payload);
    if (whole.type !== "judged") throw new Error("expected a verdict");
    const exact = await judge.check(payload, { resourceLimit: whole.resource });
    const short = await judge.check(payload, { resourceLimit: whole.resource - 1 });

    expect(exact).toMatchObject({ verdict: "valid", resource: whole.resource });
    expect(short).toMatchObject({ verdict: "unknown", resource: whole.resource - 1 });
  });
});

describe("limits and failures", () => {
  test("one unit under what a theorem needs gives unknown and costs the whole limit", async () => {
    const payload = payloadOf("examples/theorems/sorting-network.smt2");
    const whole = await judge.check(payload);
    if (whole.type !== "judged") throw new Error("expected a verdict");

    for (const extra of [0, 1]) {
      const again = await judge.check(payload, { resourceLimit: whole.resource + extra });
      expect(again).toMatchObject({ verdict: "valid", resource: whole.resource });
    }
    const short = await judge.check(payload, { resourceLimit: whole.resource - 1 });
    expect(short).toMatchObject({ verdict: "unknown", resource: whole.resource - 1 });
  });

  test("a known proof is answered from memory, and never for another limit", async () => {
    const payload = theorem(`; for the cache\n${quick}`);
    const before = judge.statistics().cacheHits;
    const first = await judge.check(payload);
    const second = await judge.check(payload);
    await judge.check(payload, { resourceLimit: 5_000 });

    expect(second).toBe(first);
    expect(judge.statistics().cacheHits).toBe(before + 1);
  });

  test("the watchdog only abstains; the next proof is judged right, the verdict not kept", async () => {
    await using impatient = await createJudge({
      workers: 1,
      limits: { watchdogMilliseconds: 2_000 },
    });
    const [hung, next] = await Promise.all([
      impatient.check(theorem(endless)),
      impatient.check(theorem(quick)),
    ]);
    const retried = await impatient.check(theorem(endless), { resourceLimit: 1_000 });

    expect(hung).toEqual({ type: "abstained", reason: "watchdog" });
    expect(outcome(next)).toBe("valid");
    expect(outcome(retried)).toBe("unknown");
    expect(impatient.statistics()).toMatchObject({ workersReplaced: 1, cacheHits: 0 });
  });

  test("a verdict that must be had is judged again without the watchdog, and the rest goes on", async () => {
    await using impatient = await createJudge({ workers: 1, limits: { watchdogMilliseconds: 1 } });
    const slow = theorem(`; must be had\n${quick}`);

    expect(await impatient.check(slow)).toEqual({ type: "abstained", reason: "watchdog" });
    const [one, other] = await Promise.all([
      impatient.check(slow, { patience: "none" }),
      impatient.check(slow, { patience: "none" }),
    ]);

    expect(outcome(one)).toBe("valid");
    expect(other).toEqual(one);
    // It is known from then on, whoever asks.
    expect(outcome(await impatient.check(slow))).toBe("valid");
    const gone = new AbortController();
    gone.abort();
    const how = { patience: "none", signal: gone.signal } as const;
    expect(await impatient.check(theorem(endless), how)).toEqual({
      type: "abstained",
      reason: "aborted",
    });
  });

  test("a thread that fails is replaced, and the proofs behind it are judged right", async () => {
    const broken = { type: "nonsense", source: new Uint8Array(1) } as unknown as Parameters<
      Judge["check"]
    >[0];
    const before = judge.statistics().workersReplaced;
    const [failed, next] = await Promise.all([
      judge.check(broken),
      judge.check(theorem(`; behind a crash\n${quick}`)),
    ]);

    expect(failed).toEqual({ type: "abstained", reason: "crash" });
    expect(outcome(next)).toBe("valid");
    expect(judge.statistics().workersReplaced).toBe(before + 1);
  });

  test("a thread whose heap grew beyond the bound answers and is replaced", async () => {
    await using small = await createJudge({ workers: 1, limits: { heapBytesMax: 2 ** 20 } });
    const results = await Promise.all(
      [1, 2].map((index) => small.check(theorem(`; small heap ${index}\n${quick}`))),
    );

    expect(results.map(outcome)).toEqual(["valid", "valid"]);
    expect(small.statistics()).toMatchObject({ workersReplaced: 2, heapBytes: [0] });
    const [bytes = 0] = judge.statistics().heapBytes;
    expect(bytes).toBeGreaterThan(2 ** 20);
  });

  test("aborting gives up at once, waiting or running", async () => {
    const running = new AbortController();
    const waiting = new AbortController();
    const first = judge.check(theorem(endless), { signal: running.signal });
    const second = judge.check(theorem(endless), { signal: waiting.signal, resourceLimit: 9e6 });
    waiting.abort();
    running.abort();

    expect(await second).toEqual({ type: "abstained", reason: "aborted" });
    expect(await first).toEqual({ type: "abstained", reason: "aborted" });
    const late = await judge.check(theorem(endless), { signal: running.signal });
    expect(late).toEqual({ type: "abstained", reason: "aborted" });
  });

  test("a full queue abstains instead of growing", async () => {
    await using small = await createJudge({ workers: 1, limits: { queueMax: 1 } });
    const results = await Promise.all(
      [1, 2, 3].map((index) => small.check(theorem(`; ${index}\n${quick}`))),
    );

    expect(results.map(outcome)).toEqual(["valid", "valid", "abstained"]);
    expect(results[2]).toEqual({ type: "abstained", reason: "overloaded" });
  });

  test("closing abstains what is under way, and then refuses", async () => {
    const closing = await createJudge({ workers: 1 });
    const pending = closing.check(theorem(endless));
    await closing.close();

    expect(await pending).toEqual({ type: "abstained", reason: "aborted" });
    await expect(closing.check(theorem(quick))).rejects.toMatchObject({
      fault: { code: "CLOSED" },
    });
  });

  test("options out of range are refused by name", async () => {
    await expect(createJudge({ workers: 0 })).rejects.toMatchObject({
      fault: { code: "OPTION", option: "workers" },
    });
    await expect(judge.check(theorem(quick), { resourceLimit: 0.5 })).rejects.toMatchObject({
      fault: { code: "OPTION", option: "resourceLimit" },
    });
  });

  test("the identity names the version and the solver's file", () => {
    expect(judgeIdentity().version).toBeGreaterThanOrEqual(1);
    expect(judgeIdentity().wasmHash).toHaveLength(32);
  });
});
