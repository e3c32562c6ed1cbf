import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Status } from "../src/api/api.ts";
import { done, eventually, foundChain, keepBusy, type Operator } from "./operators.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const MICRO = 1_000_000;

describe("becoming a validator of a chain that runs", () => {
  test("an account stakes, gives its node's key to the stake, and the node votes after a restart", async () => {
    const epoch = ["epochMs=2 s", "checkpointInterval=4 blocks", "absenceMs=1 h"];
    await using operators = await foundChain({
      count: 1,
      set: ["minimumStake=10 tokens", ...epoch],
    });
    const [founder] = operators.all;
    if (founder === undefined) throw new Error("no operator");
    await founder.start();
    const directory = path.join(operators.folder, "late");
    const flags = ["--genesis", operators.genesis, "--peer", founder.address];
    await done(founder.cli("init", "--data-dir", directory, ...flags));
    const late = operators.at(directory);
    await late.start();
    const call = async (by: Operator, intent: string, given: readonly object[]): Promise<void> => {
      const file = path.join(operators.folder, `${intent}.json`);
      await writeFile(file, JSON.stringify({ intent, arguments: given }));
      const account = ["--account", by.layout.accountKey, "--url", founder.client.url];
      await done(by.cli("submit", file, ...account));
    };
    const [rich, account] = await Promise.all([accountOf(founder), accountOf(late)]);
    const rotate = ["rotate-key", "--data-dir", directory, "--url"];
    const early = await late.cli(...rotate, late.client.url);
    expect(early.stderr).toMatch(
      /has ever staked\. Next: stake first, see docs\/operating\/becoming/,
    );

    await call(founder, "transfer", [{ account: rich }, { account }, { amount: `${100 * MICRO}` }]);
    await call(late, "stake", [{ account }, { amount: `${50 * MICRO}` }]);
    const busy = await keepBusy(operators, founder);
    await eventually(late.status, ({ head }) => head.sequence >= 2);
    const { stdout } = await done(late.cli(...rotate, late.client.url));
    expect(stdout).toMatch(/^Next: restart the node/m);
    await late.stop();
    await late.start();

    const votes = ({ keys, validator }: Status): boolean =>
      validator === account && keys.some((each) => each.votes);
    const status = await eventually(late.status, votes);
    await busy.stop();
    expect(status.keys).toHaveLength(1);
    const found = await done(
      late.cli("validators", account.slice(0, 8), "--url", late.client.url, "--json"),
    );
    expect(JSON.parse(found.stdout)).toMatchObject({ id: account, key: status.keys[0]?.key });
  });
});

async function accountOf({ layout }: Operator): Promise<string> {
  const { publicKey } = JSON.parse(await readFile(layout.accountKey, "utf8"));
  return publicKey;
}
