import { describe, expect, test, vi } from "vitest";
import type { Status } from "../src/api/api.ts";
import { done, eventually, foundChain, keepBusy, type Operator, reaches } from "./operators.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

const EPOCH_MS = 4_000;
/** Blocks after the epoch boundary that are read: the rotated one leads among them. */
const AFTER = 5;
/**
 * Attempts: a busy machine changes a view now and then, while an epoch boundary that costs a view costs one
 * each time.
 */
const ATTEMPTS = 5;

async function rotate(operator: Operator): Promise<{ key: string; boundary: string }> {
  const { directory } = operator.layout;
  const at = ["--data-dir", directory, "--url", operator.client.url];
  const { stdout } = await done(operator.cli("rotate-key", ...at, "--json"));
  const { outcome, key, boundary } = JSON.parse(stdout);
  expect(outcome).toBe("applied");
  return { key, boundary };
}

/** The last block up to a sequence in whose epoch there is none before it. */
async function lastBoundary(
  { client }: Operator,
  from: number,
): Promise<{ sequence: number; timestamp: number }> {
  const genesis = await client.genesis();
  const epochOf = (timestamp: number): number =>
    Math.floor((timestamp - genesis.timestamp) / EPOCH_MS);
  for (let sequence = from; sequence > 1; sequence--) {
    const [one, before] = [await client.block(sequence), await client.block(sequence - 1)];
    if (epochOf(one.timestamp) > epochOf(before.timestamp)) return one;
  }
  throw new Error(`no boundary up to block ${from}`);
}

/** Whether, by a node's log, the blocks in this range became final in view 0 without a request for another. */
async function isCalm(operator: Operator, from: number, to: number): Promise<boolean> {
  const lines = await operator.log();
  const within = lines.filter(({ sequence = 0 }) => sequence >= from && sequence <= to);
  const views = within.filter(({ msg }) => msg === "finalized").map(({ view = 0 }) => view);
  expect(views).toHaveLength(to - from + 1);
  return Math.max(...views) === 0 && !within.some(({ msg }) => msg === "view changed");
}

describe("rotating the consensus key", () => {
  test("of a running validator under load costs no view and no vote: it changes at the epoch boundary by itself", async () => {
    await using operators = await foundChain({
      count: 4,
      // Slow blocks, so that a pause of a busy machine is no late proposal.
      set: [
        "minBlockIntervalMs=1_000 ms",
        "viewTimeoutMs=10 s",
        `epochMs=${EPOCH_MS} ms`,
        "checkpointInterval=4 blocks",
        // On a busy machine votes come late; nobody is jailed for that here.
        "absenceMs=1 h",
      ],
    });
    const { all } = operators;
    const [rotating, other] = all;
    if (rotating === undefined || other === undefined) throw new Error("no operators");
    await Promise.all(all.map((operator) => operator.start()));
    const busy = await keepBusy(operators, other);
    const held: string[] = (await rotating.status()).keys.map(({ key }) => key);
    await reaches(rotating, 1);

    const calm: boolean[] = [];
    while (calm.length < ATTEMPTS && !calm.includes(true)) {
      const { key, boundary } = await rotate(rotating);
      held.push(key);
      const votes = ({ keys }: Status): boolean =>
        keys.some((each) => each.key === key && each.votes);
      const status = await eventually(rotating.status, votes);
      // The set changes with a boundary's block: the one that was named, or the one after.
      const { sequence: crossed, timestamp } = await lastBoundary(other, status.head.sequence);
      expect(timestamp).toBeGreaterThanOrEqual(Date.parse(boundary));
      expect(status.keys).toEqual(held.map((each) => ({ key: each, votes: each === key })));
      await Promise.all(all.map((operator) => reaches(operator, crossed + AFTER)));
      const each = await Promise.all(
        all.map((operator) => isCalm(operator, crossed, crossed + AFTER)),
      );
      calm.push(each.every((one) => one));
      const blocks = await Promise.all(
        Array.from({ length: AFTER }, (_, at) => other.client.block(crossed + 1 + at)),
      );
      // It has led with the new key, and nothing it signed was thought wrong.
      if (calm.at(-1) === true) {
        expect(blocks.map(({ proposer }) => proposer)).toContain(status.validator);
      }
      expect((await other.status()).convicted).toEqual([]);
    }
    await busy.stop();

    expect(calm).toContain(true);
  });

  test("of a jailed validator, whose key votes on nothing, takes the key of its record", async () => {
    const pace = ["minBlockIntervalMs=500 ms", "epochMs=2 s", "absenceMs=2 s"];
    await using operators = await foundChain({ count: 4, set: pace });
    const [other, , , jailed] = operators.all;
    if (other === undefined || jailed === undefined) throw new Error("no operators");
    await Promise.all(operators.all.map((operator) => operator.start()));
    await reaches(jailed, 1);
    const { validator: id = "" } = await jailed.status();
    const busy = await keepBusy(operators, other);

    await jailed.stop();
    await eventually(
      () => other.client.validator(id),
      ({ status, power }) => status === "jailed" && power === "0",
    );
    await jailed.start();
    const { head } = await other.status();
    await reaches(jailed, head.sequence);
    const { key } = await rotate(jailed);
    const rotated = await eventually(
      () => other.client.validator(id),
      (record) => record.key === key,
    );
    await busy.stop();

    expect(rotated).toMatchObject({ power: "0", offences: 0 });
  });

  test("twice at a time, or of another directory, is refused in one line", async () => {
    // The epoch boundary is still to come when the command is given again.
    const set = ["epochMs=1 h", "absenceMs=2 h"];
    await using operators = await foundChain({ count: 2, set });
    const [one, two] = operators.all;
    if (one === undefined || two === undefined) throw new Error("no operators");
    await Promise.all([one.start(), two.start()]);
    const ask = (of: Operator, at: Operator) =>
      of.cli("rotate-key", "--data-dir", of.layout.directory, "--url", at.client.url);
    await Promise.all(
      operators.all.map((each) => eventually(each.status, ({ peers }) => peers > 0)),
    );

    const stranger = await ask(one, two);
    expect(stranger.stderr).toMatch(/is not the key that owns the stake\. Next: /);
    expect(stranger.code).toBe(1);

    await done(ask(one, one));
    const again = await ask(one, one);
    expect(again.stderr).toMatch(/a rotation to the key [0-9a-f]{64} is under way\. Next: wait/);
    expect(again.code).toBe(1);
  });
});
