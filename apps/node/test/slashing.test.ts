import { TREASURY } from "@aethel/ledger";
import {
  Evidence,
  findEvidenceDefect,
  fromHex,
  hashGenesis,
  toAmount,
  toHex,
} from "@aethel/models";
import { convictedShare, correlatedTotal } from "@aethel/rewards";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type {
  SlashBody,
  Status,
  ValidatorBody,
  ValidatorDetail,
  WholeEvidence,
} from "../src/api/api.ts";
import { people, person } from "../src/localnet/people.ts";
import { start } from "./cli.ts";
import type { Deed, Misdeed } from "./misdeeds.ts";
import {
  eventually,
  keepBusy,
  type SlashingNetwork,
  startSlashingNetwork,
} from "./slashing-network.ts";

// Some thirty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

// Unequal, and no multiple of anything; the Byzantine one and one that is down are under a third.
const STAKES = [370_000_000_003n, 310_000_000_001n, 120_000_000_007n, 200_000_000_009n] as const;
const VICTIM = 2;
const BYZANTINE = 3;

let network: SlashingNetwork;
let traffic: { readonly stop: () => Promise<void> } | undefined;

beforeAll(async () => {
  network = await startSlashingNetwork(STAKES.map(toAmount));
  traffic = keepBusy(network);
});
afterAll(async () => {
  await traffic?.stop();
  await network?.[Symbol.asyncDispose]();
});

const idOf = (at: number): string => toHex(network.genesis.validators[at]?.id ?? new Uint8Array());
const byzantineOn = (at: number): Promise<ValidatorDetail> => client(at).validator(idOf(BYZANTINE));

function client(at: number): SlashingNetwork["honest"][number]["client"] {
  const found = network.honest[at];
  if (found === undefined) throw new Error(`there is no honest validator ${at}`);
  return found.client;
}

/** Waits until an honest node's state holds `count` slashes of the Byzantine validator. */
async function slashesOn(at: number, count: number): Promise<ValidatorDetail> {
  return await eventually(
    () => byzantineOn(at),
    ({ slashes }) => slashes.length >= count,
  );
}

/** Orders a deed, and returns the slash of its block, equal on all nodes. */
async function offend(
  misdeed: Misdeed,
  { nth, on }: { readonly nth: number; readonly on: readonly number[] },
): Promise<{ readonly deed: Deed; readonly slash: SlashBody }> {
  const deed = await network.misbehave(misdeed);
  const answers = await Promise.all(on.map((at) => slashesOn(at, nth)));
  const [slash] = (answers[0]?.slashes ?? []).slice(-1);
  if (slash === undefined) throw new Error("nobody was slashed");
  for (const { slashes, stake } of answers) {
    expect(slashes.at(-1)).toEqual(slash);
    expect(slashes).toHaveLength(nth);
    expect(stake).toBe(slash.stake);
  }
  return { deed, slash };
}

function part(stake: bigint, basisPoints: number): bigint {
  return (stake * BigInt(basisPoints)) / 10_000n;
}

/** Whole cost of a single conviction: its power is that of its stake before or after an earlier slash. */
function raisedTotals(convicted: bigint): readonly bigint[] {
  const others = STAKES.reduce((sum, each) => sum + each, 0n) - STAKES[BYZANTINE];
  return [STAKES[BYZANTINE], convicted].map((power) => {
    const share = convictedShare({ power, totalPower: others + power });
    return correlatedTotal({ stake: toAmount(convicted), convicted: share });
  });
}

describe("P16 on a real network: one Byzantine validator of four", () => {
  let stake = STAKES[BYZANTINE] as bigint;
  /** Stake when it was convicted of having proposed twice. */
  let convicted = stake;
  /** Whether the slash includes the increase of an epoch boundary. */
  let isRaised = false;
  const deeds: { readonly deed: Deed; readonly slash: SlashBody }[] = [];
  const all = [0, 1, 2];

  test("P5: a leader that passes a refuted intent off as proved loses a twentieth, and its block", async () => {
    const { deed, slash } = await offend("false-claim", { nth: 1, on: all });

    const lost = part(stake, 500);
    stake -= lost;
    expect(slash).toMatchObject({ amount: String(lost), stake: String(stake) });
    const { sequence } = deed;
    expect(slash.evidence).toMatchObject([{ kind: "invalid-verification", sequence }]);
    const block = await client(0).block(sequence);
    expect(block.proofs.map(({ kind }) => kind)).not.toContain("publish");
    expect((await client(0).intents("enrich")).map(({ name }) => name)).toEqual([]);
    expect(await byzantineOn(0)).toMatchObject({ status: "active" });
    deeds.push({ deed, slash });
  });

  test("a block with evidence that was punished already is refused, and takes nothing", async () => {
    const deed = await network.misbehave("old-evidence");
    const final = await eventually(
      () => client(0).block(deed.sequence + 2),
      () => true,
    );

    expect(final.sequence).toBe(deed.sequence + 2);
    expect((await client(0).block(deed.sequence)).slashes).toEqual([]);
    const logs = await Promise.all(network.honest.map(({ log }) => log()));
    expect(logs.join("")).toMatch(/"reason":"evidence 0: known","msg":"refused a proposed block"/);
    expect(await byzantineOn(0)).toMatchObject({ stake: String(stake), offences: 1 });
  });

  test("a leader that proposes twice loses a fifth, to the micro-token, and is out", async () => {
    const { deed, slash } = await offend("two-proposals", { nth: 2, on: all });

    convicted = stake;
    const amount = BigInt(slash.amount);
    // A conviction in the last block of an epoch is raised in the same block.
    isRaised = amount !== part(convicted, 2_000);
    if (isRaised) expect(raisedTotals(convicted)).toContain(amount);
    stake -= amount;
    expect(slash).toMatchObject({ stake: String(stake) });
    const { sequence, view } = deed;
    const where = { kind: "double-proposal", sequence, view };
    expect(slash.evidence).toMatchObject([{ ...where, validator: idOf(BYZANTINE) }]);
    expect(await byzantineOn(0)).toMatchObject({ status: "ejected" });
    deeds.push({ deed, slash });
  });

  test("P19: an epoch boundary raises it to three times its share of the power; a validator that is killed meanwhile loses nothing", async () => {
    const victim = network.honest[VICTIM];
    const before = await client(0).validator(idOf(VICTIM));
    await victim?.kill();
    const raised = isRaised ? undefined : (await slashesOn(0, 3)).slashes.at(-1);
    await eventually(
      () => byzantineOn(0),
      ({ power }) => power === "0",
    );
    await victim?.restart();

    if (raised !== undefined) {
      const amount = BigInt(raised.amount);
      expect(raisedTotals(convicted)).toContain(convicted - stake + amount);
      stake -= amount;
      expect(raised).toMatchObject({ stake: String(stake), evidence: [] });
    }
    // It comes back by blocks, and says the same of whom they punished.
    const count = isRaised ? 2 : 3;
    expect((await slashesOn(VICTIM, count)).slashes).toEqual((await byzantineOn(0)).slashes);
    const after = await client(VICTIM).validator(idOf(VICTIM));
    expect(after).toMatchObject({ stake: before.stake, offences: 0, slashed: "0" });
  });

  test("P36: each offence is logged with evidence that verifies, and told to whoever listens", async () => {
    const events: WholeEvidence[] = [];
    for (const { log } of network.honest) {
      for (const line of (await log()).trim().split("\n")) {
        const { evidence } = JSON.parse(line);
        if (evidence !== undefined) events.push(evidence);
      }
    }
    for (const { deed, slash } of deeds) {
      const [{ id, kind } = { id: "", kind: "" }] = slash.evidence;
      const logged = events.filter(
        (event) => event.kind === kind && event.sequence === deed.sequence,
      );
      expect(logged.length).toBeGreaterThanOrEqual(1);
      for (const { ssz } of [...logged, await client(0).evidence(id)]) {
        const item = Evidence.decode(fromHex(ssz));
        expect(findEvidenceDefect(hashGenesis(network.genesis), item)).toBeUndefined();
        expect(toHex(item.validator)).toBe(idOf(BYZANTINE));
      }
    }

    const told = await heardOn(0, "slashed", deeds.length + (isRaised ? 0 : 1));
    expect(told.slice(0, deeds.length)).toEqual(deeds.map(({ slash }) => slash));
    expect(told.slice(deeds.length)).toMatchObject(isRaised ? [] : [{ evidence: [] }]);
  });

  test("an operator sees who was slashed, for what, and by how much", async () => {
    const url = client(0).url;
    const [status, validators] = await Promise.all(
      ["status", "validators"].map((command) => start([command, "--url", url]).done),
    );

    expect(status?.stdout).toMatch(/slashed +1 validator: see `aethel validators`/);
    expect(validators?.code).toBe(0);
    expect(validators?.stdout).toContain(idOf(BYZANTINE).slice(0, 8));
    expect(validators?.stdout).toContain("proposed two different blocks");
    expect(validators?.stdout).toMatch(
      /lost 10,000(\.0+)? in block \d+, 190,000\.000009 were left/,
    );

    const [id = ""] = deeds.map(({ slash }) => slash.evidence[0]?.id);
    const [one, checked, none, nonsense] = await Promise.all(
      [
        ["validators", idOf(BYZANTINE).slice(0, 6)],
        ["evidence", id],
        ["evidence", "ab".repeat(32)],
        ["validators", "mallory"],
      ].map((command) => start([...command, "--url", url]).done),
    );
    expect(one?.stdout).toMatch(/offences +2, [\d,.]+ lost/);
    expect(checked?.stdout).toContain("passes a refuted intent off as proved");
    expect(checked?.stdout).toContain("here: it holds");
    expect([checked?.code, none?.code, nonsense?.code]).toEqual([0, 1, 2]);
    expect(none?.stderr).toContain("this node has no evidence abab");
    expect(nonsense?.stderr).toContain("mallory is no id of a validator");
  });

  test("P14: nothing is lost: the treasury has it, honest stakes are whole, and the supply adds up", async () => {
    await traffic?.stop();
    traffic = undefined;
    const books = await eventually(
      () => readBooks(),
      ({ before, after }) => before.head.digest === after.head.digest,
    );
    const { validators, treasury, balances, kept, after } = books;

    expect((await client(0).validators()).map(({ id }) => id)).not.toContain(idOf(BYZANTINE));
    for (const [at, expected] of STAKES.slice(0, BYZANTINE).entries()) {
      const own = validators.find(({ id }) => id === idOf(at));
      expect(own).toMatchObject({ stake: String(expected), offences: 0, slashed: "0" });
    }
    const lost = STAKES[BYZANTINE] - stake;
    expect(await byzantineOn(0)).toMatchObject({ offences: 2, slashed: String(lost) });
    expect(treasury).toBe(kept + lost);
    expect(after.treasury).toBe(String(treasury));
    const stakes = validators.map((each) => BigInt(each.stake) + BigInt(each.unbonding));
    const held = [treasury, ...balances, ...stakes].reduce((sum, each) => sum + each, 0n);
    expect(held).toBe(BigInt(after.supply.total));

    const roots = await eventually(
      () => Promise.all(all.map((at) => client(at).status())),
      (statuses) => new Set(statuses.map(({ head }) => head.stateRoot)).size === 1,
    );
    expect(roots).toHaveLength(all.length);
  });
});

/** All balances, and the fees that the treasury should have received, of one state. */
async function readBooks(): Promise<{
  readonly before: Status;
  readonly validators: readonly ValidatorBody[];
  readonly treasury: bigint;
  /** Balances of all other accounts. */
  readonly balances: readonly bigint[];
  readonly kept: bigint;
  readonly after: Status;
}> {
  const before = await client(0).status();
  let kept = 0n;
  for (let at = 1; at <= before.head.sequence; at++) {
    const { proofs } = await client(0).block(at);
    for (const { fee, burned } of proofs) kept += BigInt(fee) - BigInt(burned);
  }
  const balanceOf = async (id: string): Promise<bigint> =>
    BigInt((await client(0).account(id)).balance);
  // The listing has those in the set; who was ejected still has a stake.
  const validators = await Promise.all(STAKES.map((_, at) => client(0).validator(idOf(at))));
  const accounts = [
    ...[...people(), person("faucet")].map(({ id }) => toHex(id)),
    ...validators.map(({ id }) => id),
  ];
  const balances = await Promise.all(accounts.map(balanceOf));
  const treasury = await balanceOf(toHex(TREASURY));
  return { before, validators, treasury, balances, kept, after: await client(0).status() };
}

const HEARD_WITHIN_MS = 120_000;

/** The first events of a type that a node has sent since its start. */
async function heardOn(at: number, type: string, count: number): Promise<readonly unknown[]> {
  const heard: unknown[] = [];
  const stopping = new AbortController();
  // A stream is quiet when nothing more comes: what is missing then is what fails.
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(HEARD_WITHIN_MS)]);
  for await (const event of client(at).events({ after: 0, signal })) {
    if (event.type === type) heard.push(event.data);
    if (heard.length === count) break;
  }
  stopping.abort();
  return heard;
}
