import { createLedger, createMemoryStore, type JudgePort, type Ledger } from "@aethel/ledger";
import { assert, type Genesis, itemProof } from "@aethel/models";
import { standardIntents } from "@aethel/verifier";
import type { ApplicationKind, ChainApplication, OpenApplication } from "../application-kind.ts";
import { createVerifyOnce } from "../verify-once.ts";
import { createContractWork } from "./contract-work.ts";
import { createStoreAt } from "./ledger-store.ts";
import { createLedgerWork } from "./ledger-work.ts";
import { createLie } from "./lie.ts";
import { SAMPLE_CONTRACTS } from "./sample-contracts.ts";
import { createTableJudge } from "./table-judge.ts";
import { VERDICT_TABLE } from "./verdict-table.ts";

/** Returns the production ledger with the standard intents and the given Judge. */
export function ledgerWith(judge: JudgePort): ApplicationKind {
  return {
    name: "ledger",
    intents: standardIntents().map(({ source }) => source),
    create: async (genesis) => createLedgerChain(genesis, judge, createLedgerWork(genesis)),
  };
}

/**
 * The production ledger with a Judge that looks verdicts up in a table. The real Judge uses
 * threads, which worlds in virtual time must not, so its verdicts were recorded beforehand.
 */
export const ledger: ApplicationKind = ledgerWith(createTableJudge(VERDICT_TABLE));

/**
 * The same ledger with the sample contracts in its genesis. What is submitted are transactions of
 * several calls of contracts and of the transfer.
 */
export const contracts: ApplicationKind = {
  name: "contracts",
  intents: [...ledger.intents, ...SAMPLE_CONTRACTS.map(({ source }) => source)],
  create: async (genesis) =>
    createLedgerChain(genesis, createTableJudge(VERDICT_TABLE), createContractWork(genesis)),
};

async function createLedgerChain(
  genesis: Genesis,
  judge: JudgePort,
  work: ChainApplication["work"],
): Promise<ChainApplication> {
  // Every node executes every block, and verifies the certificate of its parent with it.
  const verifySigned = createVerifyOnce();
  const first = createMemoryStore();
  await createLedger({ genesis, judge, store: first });
  const start = await first.load();
  assert(start !== undefined, "a ledger that is open has written its genesis");
  const opened = (application: Ledger): OpenApplication => ({
    application,
    ledger: application,
    submit: (item) => {
      const added = application.submit(itemProof(item));
      if (added.type === "accepted") return "accepted";
      return added.code === "nonce-gap" ? "later" : "refused";
    },
    lie: (block, about) =>
      createLie(block, { about, state: application.state(), judge, verifySigned }),
  });
  return {
    createNode: () => {
      const store = createStoreAt(start);
      return async () => opened(await createLedger({ genesis, judge, store, verifySigned }));
    },
    work,
  };
}
