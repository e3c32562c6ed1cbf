import { rm } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import type { Status } from "../src/api/api.ts";
import { done, eventually, foundChain, keepBusy, reaches } from "./operators.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

const listens = ({ consensus }: Status): boolean => consensus.quiet === "listening";
const finding = ({ why }: Status, code: string): string => {
  const found = why.find((each) => each.code === code);
  return found === undefined ? "" : `${found.message}. Next: ${found.next}`;
};

describe("B33: a chain of four of whom two have lost their signing logs", () => {
  test("says why it stands, goes on from the sequence that is named, and the other one ends listening by itself", async () => {
    await using operators = await foundChain({ count: 4 });
    const [first, second, third, fourth] = operators.all;
    if (!first || !second || !third || !fourth) throw new Error("no operators");
    for (const { layout } of [third, fourth]) await rm(layout.signingLog);
    const lost = { flags: ["--allow-new-signing-state"] };

    await Promise.all([first.start(), second.start(), third.start(lost), fourth.start(lost)]);
    const busy = await keepBusy(operators, first);

    // Half of the power cannot answer for all: it is said, with the page of the guide.
    for (const each of [third, fourth]) {
      const stuck = await eventually(each.status, (status) =>
        finding(status, "listening").includes("too many"),
      );
      expect(listens(stuck)).toBe(true);
      expect(finding(stuck, "listening")).toMatch(
        /listening since .*more-than-a-third-listens\.md/,
      );
      expect(stuck.head.sequence).toBe(0);
    }

    // Not without the flag; and not while the node runs.
    const sign = ["signing-state", "sign-from", "--sequence", "1"];
    const { directory } = fourth.layout;
    const unasked = await fourth.cli(...sign, "--data-dir", directory);
    expect(unasked.stderr).toMatch(
      /nothing but your statement.* Next: read .*--all-operators-agree/,
    );
    expect(unasked.code).toBe(2);
    const running = await fourth.cli(...sign, "--data-dir", directory, "--all-operators-agree");
    expect(running.stderr).toMatch(/in use|another process/);
    expect(running.code).toBe(1);

    await fourth.stop();
    await done(fourth.cli(...sign, "--data-dir", directory, "--all-operators-agree"));
    await fourth.start();
    await Promise.all(operators.all.map((operator) => reaches(operator, 5)));
    const heard = await eventually(third.status, (status) => !listens(status));
    await busy.stop();

    expect(heard.consensus.quiet).toBeUndefined();
    expect(heard.convicted).toEqual([]);
    const log = (await third.log()).map(({ msg }) => msg);
    expect(log.some((msg) => msg.startsWith("listening has ended"))).toBe(true);

    // Where the chain has been nobody begins anew.
    await third.stop();
    const low = await third.cli(
      "signing-state",
      "sign-from",
      "--sequence",
      "3",
      "--all-operators-agree",
      "--data-dir",
      third.layout.directory,
    );
    expect(low.stderr).toMatch(
      /--sequence 3 is not above the head of this node, which is \d+\. Next: agree/,
    );
    expect(low.code).toBe(1);
  });
});
