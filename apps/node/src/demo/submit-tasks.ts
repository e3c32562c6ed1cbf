import {
  type Genesis,
  hashGenesis,
  hashProof,
  type Proof,
  signProof,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { feeLimitFor } from "../api/fee-limit.ts";
import { NodeError } from "../failure/failure.ts";
import type { LocalNode, Localnet } from "../localnet/localnet.ts";
import { person } from "../localnet/people.ts";
import type { NetworkView } from "./network-view.ts";
import type { Task } from "./task.ts";

/** Task with its signed proof. */
export interface Submission {
  readonly task: Task;
  readonly hash: string;
  readonly proof: Proof;
}

/** Listener to the progress of submissions. */
export interface SubmissionListener {
  /**
   * Called before the proof is submitted, because the node may send the verdict before it answers
   * the request.
   */
  submitting(submission: Submission): void;
  turnedAway(task: Task, reason: string): void;
}

/** Milliseconds after which a proof that is not final is submitted to another node too. */
const RESUBMIT_MS = 4_000;
const POLL_MS = 25;
/** Number of blocks until a proof expires. */
const EXPIRY = 10_000;

/**
 * Submits all tasks, spread over the nodes. Different authors submit at the same time, and each
 * submits its own tasks in order. Resolves when each proof is final or refused, even if a node dies
 * meanwhile.
 */
export async function submitTasks(options: {
  readonly network: Localnet;
  readonly view: NetworkView;
  readonly genesis: Genesis;
  readonly tasks: readonly Task[];
  readonly listener: SubmissionListener;
  readonly signal: AbortSignal;
}): Promise<readonly Submission[]> {
  const run: Run = { ...options, done: new Map(), over: new Set(), finalities: [], turn: 0 };
  const authors = new Set(options.tasks.map(({ author }) => author));
  const submissions = await Promise.all(
    [...authors].map((author) =>
      submitInOrder(
        run,
        options.tasks.filter((task) => task.author === author),
      ),
    ),
  );
  await Promise.all(run.finalities);
  return submissions.flat();
}

interface Run {
  readonly network: Localnet;
  readonly view: NetworkView;
  readonly genesis: Genesis;
  readonly listener: SubmissionListener;
  readonly signal: AbortSignal;
  /** Proof hash of each submitted task, by the task's title. */
  readonly done: Map<string, string>;
  /**
   * Titles of tasks that are over: submitted, refused, or dropped because the task before them was
   * refused.
   */
  readonly over: Set<string>;
  /** Promise of each submission, which resolves when the proof is final or refused. */
  readonly finalities: Promise<void>[];
  turn: number;
}

async function submitInOrder(run: Run, tasks: readonly Task[]): Promise<readonly Submission[]> {
  const submissions: Submission[] = [];
  const [first] = tasks;
  if (first === undefined) return submissions;
  const id = toHex(person(first.author).id);
  let nonce = (await onAnyNode(run, (node) => node.client.account(id))).nextNonce;
  for (const task of tasks) {
    const { after } = task;
    if (after !== undefined) {
      await until(run, () => run.over.has(after));
      const hash = run.done.get(after);
      if (hash === undefined) {
        run.over.add(task.title);
        run.listener.turnedAway(task, `it needs ${after}, which was refused`);
        continue;
      }
      await until(run, () => isFinalEverywhere(run, hash));
    }
    const submission = signTask(run, task, nonce);
    run.listener.submitting(submission);
    const refusal = await submitOnce(run, submission);
    if (refusal === undefined) run.done.set(task.title, submission.hash);
    run.over.add(task.title);
    if (refusal !== undefined) {
      run.listener.turnedAway(task, refusal);
      continue;
    }
    submissions.push(submission);
    watch(run, submission);
    // What the Judge rejects uses no nonce, so the next proof waits for the verdict on this one.
    await until(run, () => task.kind === "call" || isKnown(run, submission.hash));
    if (!run.view.rejected.has(submission.hash)) nonce += 1;
  }
  return submissions;
}

/** Submits a proof. Returns the reason if it was refused; undefined if a node has it. */
async function submitOnce(run: Run, { hash, proof }: Submission): Promise<string | undefined> {
  try {
    await onAnyNode(run, (node) => node.client.submit(proof));
    return undefined;
  } catch (error) {
    if (!(error instanceof NodeError) || error.fault.code !== "REFUSED") throw error;
    // A node that died before its answer may have gossiped the proof: then another one knows it.
    return (await isKnownToNode(run, hash)) ? undefined : error.fault.message;
  }
}

async function isKnownToNode(run: Run, hash: string): Promise<boolean> {
  try {
    await onAnyNode(run, (node) => node.client.proof(hash));
    return true;
  } catch (error) {
    if (error instanceof NodeError && error.fault.code === "NOT_FOUND") return false;
    throw error;
  }
}

/**
 * Tells whether a proof is final on every running node. If so, the author's next proof may be
 * submitted to any of them.
 */
function isFinalEverywhere({ network, view }: Run, hash: string): boolean {
  const receipt = view.receipts.get(hash);
  if (receipt === undefined) return false;
  return network.nodes.every(
    ({ index, exit }) =>
      exit !== undefined || (view.heads.get(index)?.sequence ?? 0) >= receipt.sequence,
  );
}

function isKnown({ view }: Run, hash: string): boolean {
  return view.judged.has(hash) || view.receipts.has(hash) || view.rejected.has(hash);
}

function signTask(run: Run, task: Task, nonce: number): Submission {
  const { id, signer } = person(task.author);
  const resourceLimit = toResource(task.resourceLimit);
  const draft = task.body({
    author: id,
    nonce: toNonce(nonce),
    resourceLimit,
    feeLimit: toAmount(0n),
    expiry: toSequence((run.view.heads.get(0)?.sequence ?? 0) + EXPIRY),
  });
  const body = { ...draft, feeLimit: feeLimitFor(run.genesis.parameters, draft) };
  const proof = signProof(hashGenesis(run.genesis), body, [signer]);
  return { task, proof, hash: toHex(hashProof(proof)) };
}

/**
 * Starts to follow a proof until it is final or refused. Submits it again if that takes long,
 * because a proof that only a dead node had would block the author's later ones.
 */
function watch(run: Run, submission: Submission): void {
  const finality = untilFinal(run, submission);
  // The caller awaits all of them; until then a rejection must not count as unhandled.
  finality.catch(() => undefined);
  run.finalities.push(finality);
}

/**
 * Waits until a proof is final or refused. Every `RESUBMIT_MS` until then, submits it to another
 * node.
 */
async function untilFinal(run: Run, { hash, proof }: Submission): Promise<void> {
  let since = performance.now();
  await until(run, () => {
    if (run.view.receipts.has(hash) || run.view.rejected.has(hash)) return true;
    if (performance.now() - since > RESUBMIT_MS) {
      since = performance.now();
      // A node that has the proof refuses it; that is no failure.
      void nextNode(run)
        ?.client.submit(proof)
        .catch(() => undefined);
    }
    return false;
  });
}

/**
 * Sends a request to one node. If it does not answer, tries the next ones until one does. Each call
 * begins with another node.
 */
async function onAnyNode<T>(run: Run, ask: (node: LocalNode) => Promise<T>): Promise<T> {
  for (;;) {
    run.signal.throwIfAborted();
    const node = nextNode(run);
    if (node === undefined) throw new Error("no validator is running");
    try {
      return await ask(node);
    } catch (error) {
      if (!(error instanceof NodeError) || error.fault.code !== "UNREACHABLE") throw error;
      await pause();
    }
  }
}

function nextNode(run: Run): LocalNode | undefined {
  const running = run.network.nodes.filter(({ exit }) => exit === undefined);
  run.turn += 1;
  return running[run.turn % running.length];
}

async function until(run: Run, holds: () => boolean): Promise<void> {
  while (!holds()) {
    run.signal.throwIfAborted();
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
