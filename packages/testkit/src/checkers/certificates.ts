import {
  blockDigest,
  type Digest,
  equalBytes,
  findCertificateDefect,
  QuorumCertificate,
  toHex,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Checks that every applied block has a commit certificate of its own digest, by a quorum of the
 * validator set that its parent named as the next one. The header of the block must name the right
 * sets.
 */
export function createCertificateChecker(options: {
  readonly genesis: Digest;
  readonly firstSet: ValidatorSet;
  readonly verify?: VerifySigned;
}): Checker {
  const { genesis } = options;
  const sets = new Map<number, ValidatorSet>([[1, options.firstSet]]);
  const known = new Set<string>();
  return {
    name: "certificates",
    observe: (observation) => {
      if (observation.type !== "applied") return undefined;
      const { finalized, head, node } = observation;
      const { block, certificate } = finalized;
      const { sequence, validators, nextValidators } = block.header;
      const set = sets.get(sequence);
      const where = `node ${node} at sequence ${sequence}`;
      if (set === undefined) return `${where}: applied before anyone applied its parent`;
      if (!equalBytes(set.hash, validators))
        return `${where}: its header names a set that is not in force`;
      if (!equalBytes(head.validators.hash, nextValidators))
        return `${where}: the next set of its head is not the one that its header names`;
      if (!sets.has(sequence + 1)) sets.set(sequence + 1, head.validators);
      const name = toHex(QuorumCertificate.digest(certificate));
      if (known.has(name)) return undefined;
      const digest = blockDigest(block.header);
      const isOfBlock =
        certificate.phase === "commit" &&
        certificate.sequence === sequence &&
        equalBytes(certificate.digest, digest);
      if (!isOfBlock) return `${where}: the certificate is for another block`;
      const { verify } = options;
      const defect = findCertificateDefect({
        certificate,
        set,
        genesis,
        ...(verify === undefined ? {} : { verify }),
      });
      if (defect !== undefined) return `${where}: ${defect}`;
      known.add(name);
      return undefined;
    },
  };
}
