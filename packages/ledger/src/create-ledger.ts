import {
  equalBytes,
  type Genesis,
  hashGenesis,
  type JudgeIdentity,
  ledgerHeader,
  type StateChange,
  toHex,
} from "@aethel/models";
import { compileContract } from "@aethel/verifier";
import { rememberingCheck } from "./admission/proof-memory.ts";
import { createMemoryStore, type LedgerStore } from "./application/store.ts";
import { LedgerError } from "./errors.ts";
import type { ExecutionTools } from "./execution/execution-tools.ts";
import { createGenesisState } from "./genesis/genesis-state.ts";
import type { Ledger, LedgerOptions } from "./ledger.ts";
import { createPrograms } from "./programs/programs.ts";
import { RunningLedger } from "./running-ledger.ts";
import { type LedgerState, restoreState } from "./state/ledger-state.ts";

/** Encoded leaders' record of consensus before the first block: empty. */
const NO_LEADERSHIP = new Uint8Array();

/**
 * Opens a ledger from its store. If the store is empty, builds the genesis state, for which the
 * Judge judges the intents of the genesis.
 * @throws LedgerError `JUDGE_MISMATCH`, `STORE_MISMATCH`, `ECONOMICS`, `GENESIS_INTENT`.
 */
export async function createLedger(options: LedgerOptions): Promise<Ledger> {
  const { genesis, judgeIdentity, store = createMemoryStore() } = options;
  if (judgeIdentity !== undefined) checkJudge(genesis.parameters.judge, judgeIdentity);
  const programs = createPrograms();
  const stored = await store.load();
  const chain = hashGenesis(genesis);
  const state =
    stored === undefined
      ? await openGenesis(options, store, programs)
      : restoreState({ chain, tree: stored.tree, header: stored.header });
  if (stored !== undefined) rememberPrograms(genesis, programs);
  const checks = { programs, checkProof: rememberingCheck(chain) };
  const { verifySigned, bounds } = options;
  const tools = {
    ...checks,
    ...(verifySigned === undefined ? {} : { verifySigned }),
    ...(bounds === undefined ? {} : { bounds }),
  };
  return new RunningLedger({ ...options, store }, tools, {
    state,
    certificate: stored?.certificate,
    leadership: state.header.sequence === 0 ? NO_LEADERSHIP : stored?.leadership,
  });
}

/**
 * Compiles the intents and contracts of the genesis into the cache after a restart, because `quote` runs only
 * cached programs.
 */
function rememberPrograms({ intents }: Genesis, programs: ExecutionTools["programs"]): void {
  for (const { source } of intents) {
    const compiled = compileContract(source);
    if (compiled.type === "contract") {
      programs.contracts.isStorable(compiled.contract);
      continue;
    }
    for (const program of programs.compile(source, "genesis")) {
      programs.isStorable(program, "genesis");
    }
  }
}

async function openGenesis(
  options: LedgerOptions,
  store: LedgerStore,
  programs: ExecutionTools["programs"],
): Promise<LedgerState> {
  const { genesis, judge, signal, emptyTree } = options;
  const state = await createGenesisState(genesis, {
    judge,
    programs,
    ...(signal === undefined ? {} : { signal }),
    ...(emptyTree === undefined ? {} : { emptyTree }),
  });
  const changes: StateChange[] = [];
  for (const { key, value } of state.tree.entries()) {
    changes.push({ key, before: undefined, after: value });
  }
  const { header } = state;
  const about = { header, finalized: undefined, leadership: NO_LEADERSHIP, receipts: [], changes };
  await store.write({
    ...about,
    version: header.sequence,
    root: ledgerHeader(header).stateRootAfter,
  });
  return state;
}

function checkJudge(wanted: JudgeIdentity, given: JudgeIdentity): void {
  const isSame =
    wanted.version === given.version &&
    equalBytes(wanted.wasmHash, given.wasmHash) &&
    wanted.kernelVersion === given.kernelVersion &&
    wanted.proverVersion === given.proverVersion;
  if (isSame) return;
  throw new LedgerError({
    code: "JUDGE_MISMATCH",
    expected: describeJudge(wanted),
    actual: describeJudge(given),
  });
}

function describeJudge(judge: JudgeIdentity): string {
  const { version, wasmHash, kernelVersion, proverVersion } = judge;
  const parts = `kernel ${kernelVersion}, prover ${proverVersion}`;
  return `version ${version}, Z3 ${toHex(wasmHash)}, ${parts}`;
}
