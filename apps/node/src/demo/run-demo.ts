import type { Genesis } from "@aethel/models";
import { count } from "@aethel/terminal";
import { failure } from "../failure/failure.ts";
import type { Localnet } from "../localnet/localnet.ts";
import { colour } from "../terminal/colour.ts";
import { formatMs, formatTokens, short } from "../terminal/format.ts";
import type { Display } from "./display.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import { type NetworkView, watchNetwork } from "./network-view.ts";
import { readSamples } from "./samples.ts";
import { createScenario } from "./scenario.ts";
import { type Submission, submitTasks } from "./submit-tasks.ts";
import {
  describeRoots,
  describeSupply,
  readBalances,
  readStatuses,
  showBalances,
  showTrust,
  showValidators,
} from "./summary.ts";
import type { Task } from "./task.ts";

/** Result of a demonstration. */
export interface DemoResult {
  readonly finalized: number;
  readonly refused: number;
  /** One line for each unexpected result; empty if there is none. */
  readonly problems: readonly string[];
}

/** Demonstration on a running network. */
export interface Demo {
  readonly narrator: Narrator;
  /** Submits all samples, waits until they are final on every node, and shows the result. */
  run(signal: AbortSignal): Promise<DemoResult>;
  /** Titles of proofs that were submitted and are neither final nor refused. */
  unfinished(): readonly string[];
  close(): void;
}

const SETTLE_POLL_MS = 100;

/** Creates a demonstration. It reads the network's events from the first one on. */
export function createDemo(options: {
  readonly network: Localnet;
  readonly display: Display;
  readonly genesis: Genesis;
}): Demo {
  const { network, display, genesis } = options;
  const titles = new Map<string, string>();
  const refusedTitles = new Set<string>();
  const narrator = createNarrator(display, (hash) => titles.get(hash) ?? `proof ${short(hash)}`);
  const view = watchNetwork(network, {
    judged: narrator.judged,
    rejected: narrator.rejected,
    finalized: narrator.finalized,
    viewChanged: narrator.viewChanged,
    slashed: narrator.slashed,
    advanced: () => display.live(() => liveLines(network, view, titles.size - refusedTitles.size)),
  });
  return {
    narrator,
    close: view.close,
    unfinished: () =>
      [...titles].flatMap(([hash, title]) => {
        const isDone = view.receipts.has(hash) || view.rejected.has(hash);
        return isDone || refusedTitles.has(title) ? [] : [title];
      }),
    async run(signal) {
      const begun = performance.now();
      const tasks = createScenario(await readSamples());
      const node = network.nodes.find(({ exit }) => exit === undefined);
      if (node === undefined) throw failure("CHILD", "no validator is running", "start again");
      const before = await readBalances(node);
      const turnedAway: Task[] = [];
      const submissions = await submitTasks({
        network,
        view,
        genesis,
        tasks,
        signal,
        listener: {
          submitting: ({ hash, task }) => titles.set(hash, task.title),
          turnedAway: (task, reason) => {
            turnedAway.push(task);
            refusedTitles.add(task.title);
            narrator.turnedAway(task.title, reason);
          },
        },
      });
      const statuses = await untilSettled(network, signal);
      const elapsed = performance.now() - begun;

      narrator.heading("Trust: certified by the kernel, or by the solver alone");
      const receipts = view.receipts.values();
      const { parameters } = genesis;
      showTrust({ display, parameters, receipts, titleOf: (hash) => titles.get(hash) ?? hash });
      narrator.heading("Balances");
      const witness = statuses[0]?.node ?? node;
      showBalances(display, before, await readBalances(witness));
      narrator.heading("Validators");
      const validators = await witness.client.validators();
      showValidators({ display, network, statuses, validators });
      const result = assess({ network, view, submissions, statuses, turnedAway });
      showTotals(display, { result, elapsed, statuses });
      return result;
    },
  };
}

function showTotals(
  display: Display,
  run: {
    readonly result: DemoResult;
    readonly elapsed: number;
    readonly statuses: Awaited<ReturnType<typeof readStatuses>>;
  },
): void {
  const { finalized, refused } = run.result;
  display.line("");
  display.line(
    `  ${count(finalized, "proof")} final, ${refused} refused with reasons, in ${formatMs(run.elapsed)}`,
  );
  const status = run.statuses[0]?.status;
  if (status !== undefined) display.line(`  ${describeSupply(status)}`);
  const roots = describeRoots(run.statuses);
  display.line(`  ${roots.equal ? colour.green(roots.text) : colour.red(roots.text)}`);
}

/** Waits until all running nodes have the same head and an empty mempool. */
async function untilSettled(
  network: Localnet,
  signal: AbortSignal,
): ReturnType<typeof readStatuses> {
  let last = "";
  for (;;) {
    signal.throwIfAborted();
    const statuses = await readStatuses(network);
    const heads = new Set(statuses.map(({ status }) => status.head.sequence));
    const waiting = statuses.some(({ status }) => status.mempool.proofs > 0);
    const now = statuses.map(({ status }) => status.head.digest).join();
    // Twice the same: after the last proofs comes one more block, with the last rewards.
    if (statuses.length > 0 && heads.size === 1 && !waiting && now === last) return statuses;
    last = heads.size === 1 && !waiting ? now : "";
    await new Promise((resolve) => setTimeout(resolve, 5 * SETTLE_POLL_MS));
  }
}

function assess(options: {
  readonly network: Localnet;
  readonly view: NetworkView;
  readonly submissions: readonly Submission[];
  readonly statuses: Awaited<ReturnType<typeof readStatuses>>;
  readonly turnedAway: readonly Task[];
}): DemoResult {
  const { network, view, submissions, statuses, turnedAway } = options;
  const problems = turnedAway
    .filter(({ expectation }) => expectation !== "turned-away")
    .map(({ title }) => `no mempool took ${title}`);
  let refused = turnedAway.length;
  let finalized = 0;
  for (const { task, hash } of submissions) {
    const receipt = view.receipts.get(hash);
    if (receipt !== undefined) finalized += 1;
    const outcome = receipt?.outcome ?? (view.rejected.has(hash) ? "rejected" : "not final");
    const isApplied = outcome === "applied" || outcome === "recorded";
    if (!isApplied) refused += 1;
    const isExpected = task.expectation === (isApplied ? "applied" : "refused");
    if (!isExpected) {
      problems.push(`${task.title} was expected to be ${task.expectation} and is ${outcome}`);
    }
  }
  for (const { index, exit } of network.nodes) {
    if (exit !== undefined) {
      problems.push(`validator ${index} ended during the run (${exit.signal ?? exit.code})`);
    }
  }
  const roots = describeRoots(statuses);
  if (!roots.equal) problems.push(roots.text);
  return { finalized, refused, problems };
}

/** Formats the live lines: the head of each validator, and the number of final proofs. */
function liveLines(network: Localnet, view: NetworkView, submitted: number): readonly string[] {
  const nodes = network.nodes.map(({ index, exit }) => {
    const head = view.heads.get(index);
    if (exit !== undefined) return `  ${colour.red("○")} validator ${index}   ended`;
    const where = head === undefined ? "genesis" : `#${head.sequence}`;
    const root = head === undefined ? "" : `state ${short(head.stateRoot)}`;
    return `  ${colour.green("●")} validator ${index}   ${where.padEnd(8)} ${root}`;
  });
  const total = [...view.receipts.values()].reduce((sum, { fee }) => sum + BigInt(fee), 0n);
  const facts = `${view.receipts.size} of ${submitted} submitted are final   fees ${formatTokens(total)}`;
  return ["", ...nodes, `  ${colour.dim(facts)}`];
}
