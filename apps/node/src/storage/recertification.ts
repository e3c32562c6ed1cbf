import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ContractRecord, IntentRecord, KEY_KIND, stateKey } from "@aethel/ledger";
import { keepTree, releaseTree, type Tree } from "@aethel/merkle";
import { toDigest, toHex } from "@aethel/models";
import type { RootDatabase } from "lmdb";
import { z } from "zod";
import type { Layout } from "../files/layout.ts";
import { preallocate } from "./preallocate.ts";
import type { StoredClaim } from "./recertification-check.ts";
import { markChecked, uncheckedSnapshot } from "./recertification-mark.ts";

/** Program whose stored certificate does not prove it. */
export interface Uncertified {
  readonly kind: StoredClaim["kind"];
  readonly digest: string;
  readonly reason: string;
}

/** Progress of checking all certificates in a state that came as a snapshot. */
export interface Recertified {
  /** `none`: the state did not come as a snapshot, or all was checked before the last start. */
  readonly state: "none" | "running" | "done";
  /** Sequence of the snapshot's block. Undefined if there is none. */
  readonly snapshot: number | undefined;
  /** Number of published intents and contracts. Undefined while they are counted. */
  readonly total: number | undefined;
  readonly checked: number;
  readonly failed: number;
  /** The first programs that failed, at most 16. */
  readonly failures: readonly Uncertified[];
}

/** Check of all certificates in the state. Disposing of it ends the check; a later start repeats it. */
export interface Recertification extends AsyncDisposable {
  readonly status: () => Recertified;
  /** Resolves when all is checked, or when the check was ended. Never rejects. */
  readonly done: Promise<void>;
}

/** Most failures that are kept with their reasons. */
const FAILURES_MAX = 16;
/** Number of entries of the state that are looked at before the event loop gets a turn. */
const TURN = 5_000;
/** Bytes reserved on the disk for removing the mark. */
const SPARE_BYTES = 1 << 20;

/**
 * Starts to check the certificates of all intents and contracts in a state that came as a snapshot.
 * The kernel checks them on a thread of its own, without a solver. A certified header already says
 * that more than two thirds of the power found the state right, so the node takes part meanwhile.
 * Theorems are not checked: the state has only the hashes of their scripts.
 *
 * @param options `tree` is the state. `onFailed` is called for each program that fails. `onDone`
 * is called after the last one.
 */
export function recertify(options: {
  readonly database: RootDatabase;
  readonly layout: Layout;
  readonly tree: Tree;
  readonly onFailed?: (failure: Uncertified) => void;
  readonly onDone?: (result: Recertified) => void;
}): Recertification {
  const { database, layout, onFailed, onDone } = options;
  const snapshot = uncheckedSnapshot(database);
  let status: Recertified = {
    state: snapshot === undefined ? "none" : "running",
    snapshot,
    total: undefined,
    checked: 0,
    failed: 0,
    failures: [],
  };
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    const tree = keepTree(options.tree);
    const thread = startThread();
    try {
      const keys = await programKeys(tree, stopping.signal);
      status = { ...status, total: keys.length };
      for (const key of keys) {
        if (stopping.signal.aborted) return;
        const claim = claimAt(tree, key);
        const { kind, digest } = claim;
        const reason = await thread.check(claim);
        if (stopping.signal.aborted) return;
        status = { ...status, checked: status.checked + 1 };
        if (reason === undefined) continue;
        const failure = { kind, digest, reason };
        const failures = [...status.failures, failure].slice(0, FAILURES_MAX);
        status = { ...status, failed: status.failed + 1, failures };
        onFailed?.(failure);
      }
      if (status.failed === 0) {
        await preallocate(database, { layout, bytes: SPARE_BYTES });
        database.transactionSync(() => markChecked(database));
      }
      status = { ...status, state: "done" };
      onDone?.(status);
    } finally {
      releaseTree(tree);
      await thread.end();
    }
  };
  const done =
    snapshot === undefined
      ? Promise.resolve()
      : run().catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          status = { ...status, failed: status.failed + 1 };
          onFailed?.({ kind: "intent", digest: "", reason: `the check ended: ${reason}` });
        });
  return {
    status: () => status,
    done,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await done;
    },
  };
}

/** Lists the state keys of all intents and contracts. */
async function programKeys(tree: Tree, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const keys: Uint8Array[] = [];
  let seen = 0;
  for (const { key } of tree.entries()) {
    if (key[0] === KEY_KIND.intent || key[0] === KEY_KIND.contract) keys.push(key);
    seen++;
    if (seen % TURN > 0) continue;
    await new Promise(setImmediate);
    if (signal.aborted) return [];
  }
  return keys;
}

function claimAt(tree: Tree, key: Uint8Array): StoredClaim {
  const id = toDigest(key.subarray(1));
  const digest = toHex(id);
  const value = tree.get(key) ?? new Uint8Array();
  if (key[0] === KEY_KIND.contract) {
    const { canonical: text, certification } = ContractRecord.decode(value);
    const certificate = tree.get(stateKey.contractCertificate(id));
    return { kind: "contract", digest, text, isPrivileged: false, certificate, certification };
  }
  const { canonical: text, certification, origin } = IntentRecord.decode(value);
  const certificate = tree.get(stateKey.intentCertificate(id));
  const isPrivileged = origin === "genesis";
  return { kind: "intent", digest, text, isPrivileged, certificate, certification };
}

const Answer = z.object({ reason: z.string().optional() });

interface Thread {
  /** Resolves with the reason for which a claim is not certified; undefined if it is. */
  readonly check: (claim: StoredClaim) => Promise<string | undefined>;
  readonly end: () => Promise<unknown>;
}

function startThread(): Thread {
  const isSource = import.meta.filename.endsWith(".ts");
  const file = isSource ? "./recertification-thread.ts" : "./recertification-thread.js";
  const worker = new Worker(new URL(file, import.meta.url));
  return {
    check: async (claim) => {
      const answered = once(worker, "message");
      worker.postMessage(claim);
      const [answer]: readonly unknown[] = await answered;
      return Answer.parse(answer).reason;
    },
    end: () => worker.terminate(),
  };
}
