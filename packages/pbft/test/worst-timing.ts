import { type ConsensusMessage, toTimestamp } from "@aethel/models";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions, Strategy } from "./cluster-options.ts";
import { createRandom } from "./random.ts";

/** Act of a faulty leader in one of its turns. All of it is within the rules, or looks so. */
export interface Act {
  /** Milliseconds after which its proposal reaches each of the others; undefined: never. */
  readonly sends: readonly (number | undefined)[];
  /** To whom it goes without its block, which they must fetch from others. */
  readonly bare: readonly boolean[];
  /** Milliseconds by which its block is dated ahead of its clock. */
  readonly aheadMs: number;
  /** Delay of its own votes in its turn to each of the others; undefined: never. */
  readonly votes: readonly (number | undefined)[];
}

/** Acts in its turns, one after the other, and in those of others. */
export interface Plan {
  readonly acts: readonly Act[];
  /** It votes for blocks of others: without, who has no quorum waits for the slowest. */
  readonly votesForOthers: boolean;
  /** It asks for views with the others. */
  readonly asksForViews: boolean;
}

export interface Outcome {
  readonly blocks: number;
  /** Turns that it had as leader of a first view. */
  readonly turns: number;
}

/** The world of the search: delays of at most a tenth of the interval. */
export const WORLD = {
  intervalMs: 600,
  warmUpMs: 8_000,
  measuredMs: 60_000,
  powers: [1, 1, 1, 1],
} as const;
export const FAULTY = 2;

const options: ClusterOptions = {
  powers: WORLD.powers,
  scheme: "trusted",
  latency: [20, 60],
  validationMs: 5,
  parameters: {
    minBlockIntervalMs: WORLD.intervalMs,
    viewTimeoutMs: 3_000,
    viewTimeoutMaxMs: 12_000,
  },
};

/** Runs a world in which validator `FAULTY` follows a plan, has crashed, or is honest. */
export function measure(plan: Plan | "crashed" | "honest"): Outcome {
  const byzantine = typeof plan === "string" ? new Map() : new Map([[FAULTY, follow(plan)]]);
  const cluster = new Cluster({ ...options, byzantine });
  let turns = 0;
  cluster.nodes.forEach(({ app }, at) => {
    app.isAlwaysBusy = true;
    app.pending = 1;
    const propose = app.propose.bind(app);
    if (at !== FAULTY || typeof plan === "string") return;
    app.propose = (request) => {
      if (request.reason === "work") turns += 1;
      const { aheadMs = 0 } = actAt(plan, request.sequence) ?? {};
      return propose({ ...request, timestamp: toTimestamp(request.timestamp + aheadMs) });
    };
  });
  cluster.startAll();
  if (plan === "crashed") cluster.crash(FAULTY);
  cluster.run({ forMs: WORLD.warmUpMs });
  const honest = WORLD.powers.flatMap((_, at) => (at === FAULTY ? [] : [at]));
  const height = (): number => Math.min(...honest.map((at) => cluster.height(at)));
  const before = height();
  turns = 0;
  cluster.run({ forMs: WORLD.measuredMs });
  return { blocks: height() - before, turns };
}

function actAt({ acts }: Plan, sequence: number): Act | undefined {
  return acts[Math.floor(sequence / WORLD.powers.length) % acts.length];
}

function follow(plan: Plan): Strategy {
  return (cluster, from, message, to) => {
    const own = (sequence: number): boolean => cluster.leader(sequence, 0) === from;
    const late = (each: ConsensusMessage, delayMs: number | undefined): readonly [] => {
      if (delayMs !== undefined) cluster.delay(delayMs, () => cluster.send(from, to, each));
      return [];
    };
    switch (message.type) {
      case "pre-prepare": {
        const act = actAt(plan, message.proposal.sequence);
        const bare = act?.bare[to] === true ? { ...message, block: undefined } : message;
        return late(bare, act?.sends[to]);
      }
      case "prepare":
      case "commit":
        if (!own(message.sequence)) return plan.votesForOthers ? [message] : [];
        return late(message, actAt(plan, message.sequence)?.votes[to]);
      case "view-change":
      case "new-view":
        return plan.asksForViews ? [message] : [];
    }
  };
}

/** An evolution strategy: draws plans, then changes one of the worst that were found. */
export function searchWorst(settings: { readonly seed: number; readonly tries: number }): {
  readonly plan: Plan;
  readonly outcome: Outcome;
} {
  const random = createRandom(settings.seed);
  const times = [undefined, 0, 0, 50, 200, 350, 395, 405, 420, 450, 500, 700, 1_500, 4_000];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const each = <T>(draw: () => T): readonly T[] => WORLD.powers.map(draw);
  const drawAct = (): Act => ({
    sends: each(() => pick(times)),
    bare: each(() => random() < 0.2),
    aheadMs: pick([0, 0, 100, 290, 300, 310, 590, 600, 610, 5_000]),
    votes: each(() => pick(times)),
  });
  const draw = (): Plan => ({
    acts: Array.from({ length: 1 + Math.floor(random() * 3) }, drawAct),
    votesForOthers: random() < 0.5,
    asksForViews: random() < 0.5,
  });
  const nudge = (list: readonly (number | undefined)[]): readonly (number | undefined)[] =>
    list.map((at) => {
      if (random() < 0.5) return at;
      return at === undefined || random() < 0.3
        ? pick(times)
        : Math.max(0, Math.round(at + (random() - 0.5) * 100));
    });
  const change = (plan: Plan): Plan => {
    const at = Math.floor(random() * plan.acts.length);
    const act = plan.acts[at] ?? drawAct();
    const changed = pick<Act>([
      { ...act, sends: nudge(act.sends) },
      { ...act, votes: nudge(act.votes) },
      { ...act, aheadMs: Math.max(0, Math.round(act.aheadMs + (random() - 0.5) * 200)) },
      { ...act, bare: each(() => random() < 0.3) },
      drawAct(),
    ]);
    const next = { ...plan, acts: plan.acts.with(at, changed) };
    return random() < 0.8 ? next : { ...next, votesForOthers: !plan.votesForOthers };
  };
  let worst: readonly { readonly plan: Plan; readonly outcome: Outcome }[] = [];
  for (let count = 0; count < settings.tries; count++) {
    const parent = worst[Math.floor(random() * worst.length)];
    const plan = parent === undefined || random() < 0.25 ? draw() : change(parent.plan);
    worst = [...worst, { plan, outcome: measure(plan) }]
      .toSorted((left, right) => left.outcome.blocks - right.outcome.blocks)
      .slice(0, 5);
  }
  const [first] = worst;
  if (first === undefined) throw new Error("nothing was tried");
  return first;
}
