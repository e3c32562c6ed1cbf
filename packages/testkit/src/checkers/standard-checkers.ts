import {
  type AccountId,
  type Digest,
  type Genesis,
  ledgerHeader,
  type VerifySigned,
} from "@aethel/models";
import { scheduledSupply } from "@aethel/rewards";
import type { OpenApplication } from "../applications/application-kind.ts";
import { namedIntents } from "../applications/ledger/ledger-work.ts";
import { createAccusationChecker } from "./accusation.ts";
import { createAgreementChecker } from "./agreement.ts";
import { createCertificateChecker } from "./certificates.ts";
import type { Checker } from "./checker.ts";
import { createConservationChecker } from "./conservation.ts";
import { createContractChecker } from "./contracts.ts";
import { createDatingChecker } from "./dating.ts";
import { createDoubleSigningChecker } from "./double-signing.ts";
import { createInclusionChecker } from "./inclusion.ts";
import { createJudgingChecker } from "./judging.ts";
import { createLeadershipChecker } from "./leadership.ts";
import { createMintingChecker } from "./minting.ts";
import { createReProposalChecker } from "./re-proposals.ts";
import { createSequenceChecker } from "./sequence.ts";
import { createSlashingChecker } from "./slashing/slashing.ts";
import { createValidityChecker } from "./validity.ts";

/** Creates the checkers that run after every step of every world. */
export function createStandardCheckers(options: {
  readonly genesis: Genesis;
  readonly hash: Digest;
  readonly honest: readonly AccountId[];
  /** Application at genesis that no node uses, for the validity checker. */
  readonly auditor: OpenApplication;
  readonly verify: VerifySigned;
  /**
   * Ids of the validators that run the nodes, for the inclusion checker. Undefined: the inclusion
   * checker does not run. It needs an application that includes or drops each proof that it takes.
   */
  readonly names?: readonly AccountId[];
}): readonly Checker[] {
  const { genesis, hash, honest, auditor, verify, names } = options;
  const { application, ledger } = auditor;
  const head = application.head();
  const scheduled = (timestamp: number): bigint =>
    scheduledSupply(timestamp - genesis.timestamp, genesis.parameters);
  return [
    createAgreementChecker(),
    createSequenceChecker(),
    createCertificateChecker({ genesis: hash, firstSet: head.validators, verify }),
    createDoubleSigningChecker(),
    createJudgingChecker(),
    createDatingChecker(genesis.parameters),
    createLeadershipChecker(head.validators),
    createReProposalChecker(),
    createAccusationChecker({ genesis: hash, honest }),
    ...(names === undefined
      ? []
      : [
          createInclusionChecker({
            names,
            firstSet: head.validators,
            boundBlocks: 3 * names.length,
          }),
        ]),
    createValidityChecker(application),
    ...(ledger === undefined
      ? []
      : [
          createConservationChecker({ supply: ledgerHeader(head.header).supplyAfter, scheduled }),
          createMintingChecker(genesis.parameters),
          createContractChecker(ledger, genesis.parameters),
          createSlashingChecker({ honest, genesis, intents: namedIntents(genesis) }),
        ]),
  ];
}
