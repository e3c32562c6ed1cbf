import { createLedger, type JudgePort, type Ledger } from "@aethel/ledger";
import { createTree } from "@aethel/merkle";
import type { Genesis, VerifySigned } from "@aethel/models";
import { judgeIdentity } from "@aethel/verifier";
import type { Layout } from "../files/layout.ts";
import { createLedgerStore, type DiskStore } from "../storage/ledger-store.ts";
import { openDatabase, probeDatabase } from "../storage/open-database.ts";
import { closeAndTrim } from "../storage/preallocate.ts";
import { stateHasher } from "../storage/state-hasher.ts";

/** Ledger and its store. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly store: DiskStore;
}

/** Opens the ledger of a data directory. Disposing of `parts` closes the database. */
export async function openLedger(
  options: {
    readonly layout: Layout;
    readonly genesis: Genesis;
    readonly judge: JudgePort;
    /**
     * Verification of votes that the caller shares with other parts of the node. Default: the
     * ledger's own.
     */
    readonly verifySigned?: VerifySigned;
    /** Aborts the start of the ledger, and all judging. */
    readonly signal: AbortSignal;
  },
  parts: AsyncDisposableStack,
): Promise<OpenLedger> {
  const { layout, genesis, judge, verifySigned, signal } = options;
  await probeDatabase(layout);
  const database = await openDatabase(layout);
  parts.defer(() => closeAndTrim(database, { layout }));
  const store = createLedgerStore(database, layout);
  const ledger = await createLedger({
    genesis,
    judge,
    judgeIdentity: judgeIdentity(),
    store,
    emptyTree: createTree({ hasher: stateHasher() }),
    ...(verifySigned === undefined ? {} : { verifySigned }),
    signal,
  });
  signal.throwIfAborted();
  return { ledger, store };
}
