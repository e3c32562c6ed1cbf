import {
  type BlockHeader,
  blockDigest,
  type SnapshotHead,
  type SyncResponse,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import type { Checkpoint } from "../joining/checkpoint.ts";
import { createPath, isShort, type Path } from "../joining/path.ts";
import { followBounds } from "../light/follow-bounds.ts";
import { followHeaders } from "../light/follow-headers.ts";
import type { TrustedHead } from "../light/trusted-head.ts";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { Asking, Judged } from "./asking.ts";
import { createFollowing, type Following } from "./following.ts";
import { followTo } from "./page-of-updates.ts";
import type { SnapshotSyncOptions } from "./sync-options.ts";
import { knownSets, trustCheckpoint } from "./trusted-start.ts";

/**
 * Certainty about the header of an offered snapshot. `refuted`: the chain has another block there.
 * `unknown`: peers do not give what would tell.
 */
export type Certainty =
  | { readonly type: "certain"; readonly by: "path" | "following" }
  | { readonly type: "refuted"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string }
  | { readonly type: "stopped"; readonly reason: "checkpoint-needed" | "clock-behind" };

interface World {
  readonly options: SnapshotSyncOptions;
  readonly asking: Asking;
  readonly clock: SteadyClock;
}

/** Checkpoint with its header, which a peer gave and whose digest is the checkpoint's. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly header: BlockHeader;
}

/**
 * Finds out whether the header of a snapshot is of this chain: by the hashes of the headers below
 * the checkpoint, or by following certificates from the trusted head.
 */
export async function makeCertain(
  world: World,
  head: SnapshotHead,
  found: FoundCheckpoint | undefined,
): Promise<Certainty> {
  const { checkpoint } = found ?? {};
  if (checkpoint !== undefined && head.header.sequence <= checkpoint.sequence) {
    return byPath(world, head, checkpoint);
  }
  const start = await startOf(world, head, found);
  if (start === undefined) {
    return { type: "unknown", reason: "no peer gives the set that votes after the checkpoint" };
  }
  return byFollowing(world, head, start);
}

async function startOf(
  { options: { own }, asking }: World,
  head: SnapshotHead,
  found: FoundCheckpoint | undefined,
): Promise<TrustedHead | undefined> {
  if (found !== undefined)
    return trustCheckpoint({ asking, ...found, known: knownSets(own, head) });
  const { header, digest, validators } = own;
  return { header, digest, validators, statedAt: toTimestamp(header.timestamp) };
}

async function byFollowing(
  { options, asking, clock }: World,
  head: SnapshotHead,
  start: TrustedHead,
): Promise<Certainty> {
  const { genesis, parameters, verify } = options;
  const bounds = () => followBounds({ now: clock.now(), parameters });
  const begun = followHeaders({ genesis, head: start, updates: [], bounds: bounds() });
  const unusable = begun.type === "refused" ? begun.defect : undefined;
  if (unusable === "head-in-future") return { type: "stopped", reason: "clock-behind" };
  const isOld = unusable === "head-too-old";
  const following = createFollowing({ genesis, head: start, isOld, bounds, verify });
  const goal = head.header.sequence;
  const ended = await followTo({ asking, following, goal, clock });
  if (ended === "member-left") return { type: "stopped", reason: "checkpoint-needed" };
  return judgeHead(following, head, ended === "complete");
}

/** Judges a snapshot's header by the set that votes there, as far as that set is known. */
function judgeHead(following: Following, head: SnapshotHead, isComplete: boolean): Certainty {
  const { header, certificate, nextValidators } = head;
  const defect = following.check({ header, certificate, nextValidators });
  if (defect === undefined) return { type: "certain", by: "following" };
  if (defect === "member-left") return { type: "stopped", reason: "checkpoint-needed" };
  if (isComplete) return { type: "refuted", reason: `its header is refused: ${defect}` };
  return { type: "unknown", reason: `no peer gives the changes of the set up to it: ${defect}` };
}

async function byPath(
  { asking }: World,
  { header }: SnapshotHead,
  checkpoint: Checkpoint,
): Promise<Certainty> {
  const { sequence, parent } = header;
  // The path ends at the parent, so that the snapshot's own digest is on it.
  const below = { sequence: toSequence(sequence - 1), digest: parent };
  const path = createPath(checkpoint, below);
  while (path.request() !== undefined) {
    if (!(await learnMore(asking, path))) {
      return { type: "unknown", reason: "no peer gives the headers below the checkpoint" };
    }
  }
  // The parent alone would not do: a header that nobody signed can name the true parent.
  const isOnPath = path.holds(sequence, blockDigest(header)) === true;
  if (isOnPath && path.meetsHead() === true) return { type: "certain", by: "path" };
  return { type: "refuted", reason: "it is not among the blocks below the checkpoint" };
}

/** Extends the path by one answer. Returns false if no peer gives a usable one. */
async function learnMore(asking: Asking, path: Path): Promise<boolean> {
  const request = path.request();
  if (request === undefined) return true;
  let best: { readonly response: SyncResponse; readonly count: number } | undefined;
  const answer = await asking.ask<SyncResponse>({
    request,
    kind: "large",
    isUrgent: true,
    judge(response): Judged<SyncResponse> {
      const count = path.measure(response);
      if (count === undefined)
        return { type: "wrong", reason: "its headers do not continue the path" };
      if (count > (best?.count ?? 0)) best = { response, count };
      if (isShort(request, count)) return { type: "useless" };
      return { type: "taken", value: response };
    },
  });
  const taken = answer?.value ?? best?.response;
  return taken !== undefined && path.take(taken);
}
