import { type AccountId, type Digest, type Genesis, type VerifySigned } from "@aethel/models";
import { scheduledSupply } from "@aethel/rewards";
import { createAccusationChecker } from "../checkers/accusation.ts";
import { createAgreementChecker } from "../checkers/agreement.ts";
import { createCertificateChecker } from "../checkers/certificates.ts";
import type { Checker } from "../checkers/checker.ts";
import { createConservationChecker } from "../checkers/conservation.ts";
import { createDatingChecker } from "../checkers/dating.ts";
import { createDoubleSigningChecker } from "../checkers/double-signing.ts";
import { createInclusionChecker } from "../checkers/inclusion.ts";
import { createJudgingChecker } from "../checkers/judging.ts";
import { createLeadershipChecker } from "../checkers/leadership.ts";
import { createMintingChecker } from "../checkers/minting.ts";
import { createSequenceChecker } from "../checkers/sequence.ts";
import { createSlashingChecker } from "../checkers/slashing.ts";
import { createValidityChecker } from "../checkers/validity.ts";
import type { OpenApplication } from "./application-kind.ts";
import { namedIntents } from "./ledger-work.ts";

/** All checkers that every world runs after every step. */
export function createStandardCheckers(options: {
  readonly genesis: Genesis;
  readonly hash: Digest;
  readonly honest: readonly AccountId[];
  /** An application that no node uses, at genesis. */
  readonly auditor: OpenApplication;
  readonly verify: VerifySigned;
  /** Whose node each one is, where whatever a node takes must get into a block or be let go. */
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
    createConservationChecker({ supply: head.header.supplyAfter, scheduled }),
    createValidityChecker(application),
    ...(ledger === undefined
      ? []
      : [
          createMintingChecker(genesis.parameters),
          createSlashingChecker({ honest, genesis, intents: namedIntents(genesis) }),
        ]),
  ];
}
