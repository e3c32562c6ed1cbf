import {
  type AccountId,
  type FinalizedBlock,
  type PublicKey,
  type QuorumCertificate,
  toPublicKey,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Application, SigningEntry } from "../src/index.ts";
import { checkLogAge } from "../src/replica/log-age.ts";
import { Cluster } from "./cluster.ts";
import { asApplication } from "./hub.ts";
import { at } from "./rule-stage.ts";

const HEIGHT = 4;
const cluster = new Cluster({ scheme: "trusted" }).startAll();
for (let goal = 1; goal <= HEIGHT; goal++) {
  cluster.work();
  const isReached = (): boolean => cluster.heights().every((height) => height >= goal);
  if (!cluster.run({ forMs: 60_000, until: isReached })) throw new Error("no progress");
}
const { app } = cluster.node(0);
const me = at(cluster.membership.members, 0);
const other = toPublicKey(new Uint8Array(32).fill(9));
const floor = (sequence: number): SigningEntry => ({
  type: "floor",
  sequence: toSequence(sequence),
});

/** A certificate as if the first validator's vote was in it, or was not. */
function voted(certificate: QuorumCertificate, isOwn: boolean): QuorumCertificate {
  return { ...certificate, signers: certificate.signers.map((is, at) => (at === 0 ? isOwn : is)) };
}

interface Database {
  /** Sequences whose certificate holds an own vote. */
  readonly own?: readonly number[];
  /** Sequences whose certificate holds one in the block that follows. */
  readonly late?: readonly number[];
  /** Whether the head itself says so. */
  readonly isHeadOwn?: boolean;
  /** The lowest block that is kept. */
  readonly kept?: number;
}

/** Checks a log whose newest entry is of `signed` against a database of four blocks. */
function check(
  { own = [], late = [], isHeadOwn = false, kept = 1 }: Database,
  options: {
    readonly entries?: readonly SigningEntry[];
    readonly keys?: readonly PublicKey[];
  } = {},
): Promise<void> {
  const finalized: Application["finalized"] = async (sequence) => {
    const found: FinalizedBlock | undefined = app.blocks[sequence - 1];
    if (found === undefined || sequence < kept) return undefined;
    const { block, certificate } = found;
    const { parentCertificate: parent } = block;
    const parentCertificate = parent && voted(parent, late.includes(sequence - 1));
    return {
      block: { ...block, parentCertificate },
      certificate: voted(certificate, own.includes(sequence)),
    };
  };
  const { certificate } = app.head;
  if (certificate === undefined) throw new Error("it is final");
  return checkLogAge({
    entries: options.entries ?? [floor(1)],
    application: { ...asApplication(app), finalized },
    head: { ...app.head, certificate: voted(certificate, isHeadOwn) },
    id: me.id as AccountId,
    keys: options.keys ?? [me.signer.publicKey],
  });
}

const refused = (vote: number, signed = 1) => ({
  fault: { code: "SIGNING_STATE_OLD", voted: vote, signed },
});

describe("a signing log beside a database with later own votes", () => {
  test("B26: is refused by the head alone, also where no block is kept", async () => {
    await expect(check({ isHeadOwn: true, kept: HEIGHT + 1 })).rejects.toMatchObject(
      refused(HEIGHT),
    );
    await check({ isHeadOwn: true }, { entries: [floor(HEIGHT)] });
    await check({ kept: HEIGHT + 1 });
  });

  test("B26: is refused by a vote in a block's certificate, or in the one that the next block carries", async () => {
    for (const sequence of [2, 3, 4]) {
      await expect(check({ own: [sequence] })).rejects.toMatchObject(refused(sequence));
    }
    for (const sequence of [2, 3]) {
      await expect(check({ late: [sequence] })).rejects.toMatchObject(refused(sequence));
    }
    await check({ own: [1], late: [1] });
  });

  test("is looked at down to the lowest block that is kept, and no further", async () => {
    await expect(check({ own: [3], kept: 3 })).rejects.toMatchObject(refused(3));
    await check({ own: [2], kept: 3 });
  });

  test("is looked at whichever of several own keys the set names, and not when it names none of them", async () => {
    const { publicKey } = me.signer;
    for (const keys of [
      [publicKey, other],
      [other, publicKey],
    ]) {
      await expect(check({ own: [3] }, { keys })).rejects.toMatchObject(refused(3));
    }
    await check({ own: [3] }, { keys: [other] });
    await check({ own: [3] }, { keys: [] });
  });

  test("is not looked at while it listens after a loss", async () => {
    const since = toTimestamp(1_000);
    await check({ own: [3], isHeadOwn: true }, { entries: [{ type: "listen", since }] });
  });
});
