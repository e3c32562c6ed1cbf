import {
  type AccountId,
  type Digest,
  type Genesis,
  toSequence,
  type VerifySigned,
} from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { scheduledSupply } from "@aethel/rewards";
import { createAccusationChecker } from "../checkers/accusation.ts";
import { createAgreementChecker } from "../checkers/agreement.ts";
import { createCertificateChecker } from "../checkers/certificates.ts";
import type { Checker } from "../checkers/checker.ts";
import { createConservationChecker } from "../checkers/conservation.ts";
import { createDoubleSigningChecker } from "../checkers/double-signing.ts";
import { createInclusionChecker } from "../checkers/inclusion.ts";
import { createJudgingChecker } from "../checkers/judging.ts";
import { createLeadershipChecker } from "../checkers/leadership.ts";
import { createSequenceChecker } from "../checkers/sequence.ts";
import { createValidityChecker } from "../checkers/validity.ts";

/** All checkers that every world runs after every step. */
export function createStandardCheckers(options: {
  readonly genesis: Genesis;
  readonly hash: Digest;
  readonly honest: readonly AccountId[];
  /** An application that no node uses, at genesis. */
  readonly auditor: Application;
  readonly verify: VerifySigned;
  /** Whose node each one is, where whatever a node takes may be in a block: on the counter. */
  readonly names?: readonly AccountId[];
}): readonly Checker[] {
  const { genesis, hash, honest, auditor, verify, names } = options;
  const head = auditor.head();
  const scheduled = (sequence: number): bigint =>
    scheduledSupply(toSequence(sequence), genesis.parameters);
  return [
    createAgreementChecker(),
    createSequenceChecker(),
    createCertificateChecker({ genesis: hash, firstSet: head.validators, verify }),
    createDoubleSigningChecker(),
    createJudgingChecker(),
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
    createValidityChecker(auditor),
  ];
}
