import { type ConsensusMessage, toView } from "@aethel/models";
import { leaderAt } from "../../src/index.ts";
import { Cluster } from "../cluster.ts";

/** Everything that four replicas said about sequences 1 and 2, and who said it. */
export interface LockedViewChange {
  readonly cluster: Cluster;
  /** Leader of view 0 at sequence 2, which crashes there. */
  readonly crashed: number;
  /** The only replica that gets a PREPARE certificate in view 0. */
  readonly locked: number;
  /** Leader of view 1. */
  readonly next: number;
  /** Each different message once, in the order of sending. */
  readonly said: readonly ConsensusMessage[];
  /** Virtual milliseconds at which each of these was said first. */
  readonly saidAt: readonly number[];
}

/**
 * Plays sequence 2 of a chain of four validators of power 1: the leader's block is prepared, one
 * replica alone learns it, and the leader crashes. The next leader must propose that block again.
 */
export function playLockedViewChange(): LockedViewChange {
  const cluster = new Cluster({ scheme: "ed25519" });
  const said: ConsensusMessage[] = [];
  const saidAt: number[] = [];
  const deliver = cluster.send.bind(cluster);
  let locked = -1;
  cluster.send = (from, to, message) => {
    if (!said.some((known) => known === message)) {
      said.push(message);
      saidAt.push(cluster.now);
    }
    const isVote = message.type === "prepare" || message.type === "commit";
    const isHeldBack = isVote && message.sequence === 2 && message.view === 0 && to !== locked;
    if (!isHeldBack) deliver(from, to, message);
  };
  cluster.startAll();
  cluster.work();
  run(cluster, () => cluster.heights().every((height) => height === 1));
  const crashed = leaderOf(cluster, 0);
  const next = leaderOf(cluster, 1);
  locked = [0, 1, 2, 3].find((node) => node !== crashed && node !== next) ?? -1;
  cluster.work();
  run(cluster, () => cluster.state(locked).signed.commit?.view === 0);
  cluster.crash(crashed);
  const alive = [0, 1, 2, 3].filter((node) => node !== crashed);
  run(cluster, () => alive.every((node) => cluster.height(node) === 2));
  return { cluster, crashed, locked, next, said, saidAt };
}

function run(cluster: Cluster, until: () => boolean): void {
  if (!cluster.run({ forMs: 20_000, until })) throw new Error("the scene does not end");
}

function leaderOf(cluster: Cluster, view: number): number {
  return leaderAt(cluster.state(0), toView(view));
}
