import { describe, expect, test } from "vitest";
import { onTerminal, start } from "./processes.ts";

const CONTROL = "\u001b";

describe("aethel-sim as a process", () => {
  test("fuzz, interrupted, ends with 130 and the seed to go on with", async () => {
    const running = start("fuzz --runs 100000 --seed 11 --nodes-max 4 --faults-ms 1000 --jobs 1");
    await running.sees(/Random worlds from seed 11/);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.done;

    expect(stderr).toBe("");
    expect(stdout).not.toContain(CONTROL);
    expect(code).toBe(130);
    const [, done = "", seed = "", left = ""] =
      /([\d,]+) of 100,000 worlds[^]*--seed (\d+) --runs (\d+)/.exec(stdout) ?? [];
    const worlds = Number(done.replaceAll(",", ""));
    expect(stdout).toMatch(/^Interrupted; no violation so far\./m);
    expect(Number(seed)).toBe(11 + worlds);
    expect(Number(left)).toBe(100_000 - worlds);
  });

  test("run, interrupted, ends with 130 and what there is to report", async () => {
    const running = start("run --nodes 4 --byzantine 0 --application counter --minutes 100000");
    await running.sees(/World of seed 1/);
    running.child.kill("SIGINT");
    const { code, stdout } = await running.done;

    expect(code).toBe(130);
    expect(stdout).toContain("interrupted: none was demanded");
    expect(stdout).toContain("Held after every step: agreement");
  });

  test("sweep, interrupted, ends with 130 at once", async () => {
    const running = start("sweep --vary nodes=4,7 --seconds 10000000 --jobs 1");
    await running.sees(/Sweep of nodes/);
    running.child.kill("SIGINT");
    const { code, stdout } = await running.done;

    expect(code).toBe(130);
    expect(stdout).toContain("Interrupted after 0 of 10 worlds.");
  });

  test("without a command shows the commands, in 80 columns, on standard error, and exits with 2", async () => {
    const { code, stdout, stderr } = await start("").done;

    expect(code).toBe(2);
    expect(stdout).toBe("");
    for (const name of ["run", "fuzz", "sweep", "replay", "explore", "strategies", "economics"]) {
      expect(stderr).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    for (const line of stderr.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  describe.runIf(process.platform === "linux")("on a terminal", () => {
    const fuzz = "fuzz --minutes 0.04 --nodes-max 4 --faults-ms 1000 --jobs 1";

    test("shows how far it is on one line, which is gone at the end", async () => {
      const shown = await onTerminal(fuzz);

      expect(shown).toMatch(/\d+ worlds, \d+ a minute, .* to go/);
      expect(shown.indexOf("No violation")).toBeGreaterThan(shown.lastIndexOf(" to go"));
      // What is painted last, before the summary, is nothing.
      const green = `${CONTROL}[32mNo violation${CONTROL}[39m`;
      expect(shown).toContain(`\r${CONTROL}[2K${green}.`);
    });

    test("a violation is red, and with NO_COLOR it is not", async () => {
      const world = "--nodes 4 --byzantine 2 --strategies silent --application counter";
      const run = `run ${world} --minutes 0.01`;
      const red = `${CONTROL}[31mVIOLATION of progress${CONTROL}[39m`;

      expect(await onTerminal(run)).toContain(red);
      const plain = await onTerminal(run, "NO_COLOR=1 TERM=dumb");
      expect(plain).toContain("VIOLATION of progress");
      expect(plain).not.toContain(CONTROL);
      // Standard output is a terminal, and what is told on the other one goes into a pipe.
      const piped = await onTerminal(`${run} 2>&1 >/dev/tty | cat`);
      expect(piped).toContain("aethel-sim: VIOLATION of progress");
    });

    test("paints nothing where the terminal is dumb", async () => {
      const shown = await onTerminal(fuzz, "TERM=dumb NO_COLOR=1");

      expect(shown).not.toContain(CONTROL);
      expect(shown).toContain("No violation.");
    });
  });
});
