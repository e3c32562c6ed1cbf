import {
  annexRoot,
  type BlockHeader,
  callResultsRoot,
  evidenceRoot,
  LedgerHeader,
  payloadRoot,
  toDifficulty,
  toTimestamp,
  WIRE_VERSION,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN } from "../fixtures/test-chain.ts";
import type { ChainOptions } from "./proofs.ts";
import { amounts, digests, roots, sequences } from "./scalars.ts";

/** Headers of empty blocks on the chain, proposed by one of its validators. */
export function headers(options: ChainOptions = {}): fc.Arbitrary<BlockHeader> {
  const { chain = TEST_CHAIN } = options;
  const proposers = chain.set.validators.map(({ id }) => id);
  return fc
    .record({
      sequence: sequences,
      timestamp: fc
        .integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 })
        .map((milliseconds) => toTimestamp(milliseconds)),
      parent: digests,
      leadership: digests,
      state: roots,
      supply: amounts,
      proposer: fc.constantFrom(...proposers),
    })
    .map(({ state, supply, ...rest }) => ({
      ...rest,
      chain: chain.genesis,
      version: WIRE_VERSION,
      payloadRoot: payloadRoot([]),
      annexRoot: annexRoot([]),
      evidenceRoot: evidenceRoot([]),
      parentCertificateRoot: ZERO_DIGEST,
      validators: chain.set.hash,
      nextValidators: chain.set.hash,
      application: LedgerHeader.encode({
        callResultsRoot: callResultsRoot([]),
        stateRootBefore: state,
        stateRootAfter: state,
        supplyBefore: supply,
        supplyAfter: supply,
        totalDifficulty: toDifficulty(0),
        judgeVersion: 1,
      }),
    }));
}
