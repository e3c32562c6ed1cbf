import { readdirSync, readFileSync } from "node:fs";
import { toHex } from "@aethel/models";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headers } from "../../examples/browser/vite.config.ts";
import {
  createJudge,
  type Judgement,
  type JudgePayload,
  judgeIdentity,
  RESOURCE_LIMIT_MAX,
  standardIntents,
} from "../../src/index.ts";
import { createSolverInstance } from "../../src/z3/installed/instance.ts";
import { endless, outcome, payloadOf, quick, theorem, timeless } from "../judge/fixtures.ts";
import type { Harness, Task } from "./harness.ts";
import { bundle, chromiumPath, launch, open, serve } from "./page.ts";

declare const harness: Harness;

const isWanted = chromiumPath !== undefined || process.env["CI"] !== undefined;
if (!isWanted) {
  console.warn(
    "The Judge in a page is not tested: no Chromium here (apt-get install -y chromium).",
  );
}

/**
 * Far above what an easy proof takes, far below the 12 s in which the endless one fills the solver's
 * memory; the start of a worker is not counted.
 */
const PATIENCE_MS = 2_000;

describe.runIf(isWanted)("the Judge in a page", () => {
  const stack = new AsyncDisposableStack();
  let browser: Browser;
  let origin = "";
  let plainOrigin = "";
  let page: Page;
  const said: (readonly string[])[] = [];

  beforeAll(async () => {
    browser = await launch();
    stack.defer(() => browser.close());
    const { folder } = stack.use(await bundle());
    origin = stack.use(await serve({ folder, headers })).origin;
    plainOrigin = stack.use(await serve({ folder, headers: {} })).origin;
    page = await harnessOf(origin);
  }, 240_000);
  afterAll(() => stack.disposeAsync());

  async function harnessOf(from: string): Promise<Page> {
    const opened = await open(browser, `${from}/test/browser/harness.html`);
    said.push(opened.complaints);
    return opened.page;
  }

  const ask = (task: Task): Promise<unknown> => page.evaluate((one) => harness.check(one), task);

  test("has the version and the solver of Node", async () => {
    expect(await page.evaluate(() => harness.identity())).toEqual({
      ...judgeIdentity(),
      wasmHash: [...judgeIdentity().wasmHash],
    });
  });

  test("starts from the same memory as Node, byte for byte", async () => {
    const there = await page.evaluate(() => harness.imageDigests());
    const instance = await createSolverInstance();

    expect(there).toEqual([
      toHex(instance.image("formula").digest()),
      toHex(instance.image("script").digest()),
    ]);
  });

  test("judges library, attacks and theorems as Node does: verdict, resource, difficulty and all", async () => {
    const payloads = [...library(), ...attacks(), ...theorems()];
    await using node = await createJudge({ workers: 2 });
    const opened = await page.evaluate(() => harness.open({ workers: 2 }));
    const [here, there] = await Promise.all([
      Promise.all(payloads.map((payload) => node.check(payload, { resourceLimit: LIMIT }))),
      page.evaluate((tasks) => harness.checkAll(tasks), payloads.map(taskOf)),
    ]);
    await page.evaluate(() => harness.close());

    expect(opened).toBeUndefined();
    for (const [at, judgement] of here.entries()) {
      expect(plain(there[at]), JSON.stringify(taskOf(payloads[at] ?? empty))).toEqual(
        plain(judgement),
      );
    }
    // What the page's kernel says of Node's certificates, and the bytes were compared above.
    const certified = here.flatMap((judgement, at) => {
      const certificate = judgement.type === "judged" ? judgement.certificate : undefined;
      const task = taskOf(payloads[at] ?? empty);
      return certificate === undefined || task.type === "theorem" ? [] : [{ task, certificate }];
    });
    const checks = await page.evaluate(
      (all) => all.map(({ task, certificate }) => harness.checkCertificate(task, certificate)),
      certified.map(({ task, certificate }) => ({ task, certificate: [...certificate] })),
    );
    expect(checks.map((one) => one.type)).toEqual(checks.map(() => "certified"));
    expect(checks).toHaveLength(library().length);
    // Each kind of answer is among them.
    const { valid, refuted, rejected, unknown } = tally(here);
    expect(valid).toBeGreaterThan(25);
    expect(refuted).toBeGreaterThan(20);
    expect(rejected).toBeGreaterThan(2);
    expect(unknown).toBeGreaterThan(0);
  });

  test("the watchdog ends a worker and abstains; the next proof is judged right", async () => {
    await page.evaluate(
      (milliseconds) => harness.open({ limits: { watchdogMilliseconds: milliseconds } }),
      PATIENCE_MS,
    );
    const tasks = [forever, taskOf(theorem(quick))];
    const [hung, next] = await page.evaluate((all) => harness.checkAll(all), tasks);
    const statistics = await page.evaluate(() => harness.statistics());
    await page.evaluate(() => harness.close());

    expect(hung).toEqual({ type: "abstained", reason: "watchdog" });
    expect(next).toMatchObject({ type: "judged", verdict: "valid" });
    expect(statistics).toMatchObject({ workersReplaced: 1 });
  });

  test("a signal gives up a proof that is being judged; closing abstains, and then refuses", async () => {
    await page.evaluate(() => harness.open({}));
    const given = await ask({ ...forever, abortAfter: 1_000 });
    const closing = await page.evaluate(
      async (task) => {
        const pending = harness.check(task);
        await harness.close();
        return await pending;
      },
      taskOf(theorem(endless)),
    );
    const after = await ask(taskOf(theorem(quick)));

    expect(given).toEqual({ type: "abstained", reason: "aborted" });
    expect(closing).toEqual({ type: "abstained", reason: "aborted" });
    expect(after).toEqual({ code: "CLOSED" });
  });

  test("another file in the solver's place never runs, and one that is missing is named", async () => {
    const damaged = await page.evaluate(() => harness.open({ solver: "/damaged.wasm" }));
    const missing = await page.evaluate(() => harness.open({ solver: "/nothing.wasm" }));

    expect(damaged).toMatchObject({ code: "SOLVER_UNUSABLE" });
    expect(damaged).toMatchObject({
      reason: expect.stringContaining("/damaged.wasm is another file"),
    });
    expect(missing).toEqual({ code: "SOLVER_UNUSABLE", reason: "/nothing.wasm answers 404" });
  });

  test("without the headers Chromium judges too, and the same", async () => {
    const bare = await harnessOf(plainOrigin);
    const isolated = await bare.evaluate<unknown>("crossOriginIsolated");
    await bare.evaluate(() => harness.open({}));
    const task = taskOf(theorem(quick));
    const judgement = await bare.evaluate((one) => harness.check(one), task);
    await bare.close();
    await using node = await createJudge();

    expect(isolated).toBe(false);
    expect(plain(judgement)).toEqual(plain(await node.check(theorem(quick))));
  });

  test("the example proves what it offers first, shows a counterexample, and can be cancelled", async () => {
    const opened = await open(browser, `${origin}/examples/browser/index.html`);
    said.push(opened.complaints);
    const example = opened.page;
    const says = (text: string): Promise<void> =>
      example.locator("#verdict", { hasText: text }).waitFor({ timeout: 60_000 });
    await says("Ready.");
    await example.click("#judge");
    await says("valid");
    await example.selectOption("#sample", { index: 1 });
    await example.click("#judge");
    await says("refuted");
    const state = await example.locator("#state").innerText();
    const picture = process.env["AETHEL_SCREENSHOT"];
    if (picture !== undefined) await example.screenshot({ path: picture });
    await example.fill("#source", endless);
    await example.click("#judge");
    await example.click("#cancel");
    await says("no verdict: aborted");
    await example.close();

    expect(state).toMatch(/victim\s+balance\s+\d+\s+\d+/);
    expect(state).toContain("thief (signs)");
  });

  test("the policy of the headers stops nothing that a page needs", () => {
    // What is missing on purpose is said by the browser itself.
    const unexpected = said.flat().filter((line) => !line.includes("404"));
    expect(unexpected).toEqual([]);
  });
});

const LIMIT = 2_000_000;

/** Takes minutes. */
const forever: Task = { ...taskOf(theorem(endless)), resourceLimit: RESOURCE_LIMIT_MAX };

const empty = theorem("");

function taskOf(payload: JudgePayload): Task {
  const bytes = payload.type === "theorem" ? payload.script : payload.source;
  const privileged = payload.type === "publish" && payload.privileged === true;
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { type: payload.type, text, privileged, resourceLimit: LIMIT };
}

/**
 * Parts of a judgement that must be equal, as a page returns them: a certificate is an array there.
 */
function plain(judgement: unknown): unknown {
  return JSON.parse(
    JSON.stringify(timeless(judgement as Judgement), (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    ),
  );
}

function tally(judgements: readonly Judgement[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const judgement of judgements) {
    const key = outcome(judgement);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function library(): readonly JudgePayload[] {
  return standardIntents().map(({ source, privileged }): JudgePayload => {
    return { type: "publish", source: new TextEncoder().encode(source), privileged };
  });
}

function attacks(): readonly JudgePayload[] {
  const folder = new URL("../../library/attacks/", import.meta.url);
  const sources = readdirSync(folder).toSorted();
  return sources.flatMap((name): readonly JudgePayload[] => {
    const source = new Uint8Array(readFileSync(new URL(name, folder)));
    return [true, false].map((privileged) => ({ type: "publish", source, privileged }));
  });
}

/** Every engine of Z3, nonlinear ones too, and what is refused before Z3 sees it. */
function theorems(): readonly JudgePayload[] {
  const own = [
    quick,
    `(declare-const x Int)(declare-const y Int)(assert (> x 1))(assert (> y 1))
     (assert (< (* x y) (+ x y)))(check-sat)`,
    `(declare-const x Real)(declare-const y Real)(assert (= (* x x) 2.0))(assert (= (* y y) 3.0))
     (assert (= (* x y) 6.0))(check-sat)`,
    `(declare-const a (_ BitVec 32))(declare-const b (_ BitVec 32))
     (assert (not (= (bvadd (bvand a b) (bvor a b)) (bvadd a b))))(check-sat)`,
    `(declare-const s String)(assert (= (str.++ s "a") (str.++ "b" s)))(assert (= (str.len s) 3))(check-sat)`,
    `(declare-const x Int)(assert (= (* x x) 1369))(assert (> x 0))(check-sat)`,
    "(declare-const x Int)(assert (> x y))(check-sat)",
    "(declare-const x Int)(assert (> x",
  ].map(theorem);
  const folder = new URL("../../../../examples/theorems/", import.meta.url);
  const names = readdirSync(folder).toSorted();
  return [...own, ...names.map((name) => payloadOf(`examples/theorems/${name}`))];
}
