import { prove } from "@aethel/merkle";
import { toAmount, toNonce } from "@aethel/models";
import type { Programs } from "../programs/programs.ts";
import { type LedgerState, supplyOf, totalSupply } from "../state/ledger-state.ts";
import { Account, certificateCoding, TheoremRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { createAssetQueries } from "./asset-queries.ts";
import { createContractQueries } from "./contract-queries.ts";
import type { Directory } from "./directory.ts";
import { createIntentQueries } from "./intent-queries.ts";
import type { Queries } from "./queries.ts";
import { createStateReader } from "./state-reader.ts";
import { createValidatorQueries } from "./validator-queries.ts";

/** Creates the queries. Each query reads the state that `current` returns at the time. */
export function createQueries(
  current: () => LedgerState,
  programs: Programs,
  directory: Directory,
): Queries {
  const reader = createStateReader(current);
  const { read } = reader;
  return {
    account: (id) =>
      read(stateKey.account(id), Account) ?? { balance: toAmount(0n), nonce: toNonce(0) },
    ...createAssetQueries(reader, directory),
    ...createValidatorQueries(reader, directory),
    ...createIntentQueries(reader, directory, programs),
    contracts: createContractQueries(reader, directory, programs),
    theorem: (script) => read(stateKey.theorem(script), TheoremRecord),
    certificate: (digest) =>
      read(stateKey.intentCertificate(digest), certificateCoding) ??
      read(stateKey.contractCertificate(digest), certificateCoding) ??
      read(stateKey.theoremCertificate(digest), certificateCoding),
    parameters: () => current().parameters,
    supply: () => {
      const supply = supplyOf(current().tree);
      return { ...supply, total: toAmount(totalSupply(supply)) };
    },
    prove: (key) => prove(current().tree, key),
  };
}
