import {
  type BlockHeader,
  blockDigest,
  createValidatorSet,
  decodeValidatorSet,
  equalBytes,
  type Genesis,
  hashGenesis,
  ModelsError,
  powerOf,
  type QuorumCertificate,
  signersOfCertificate,
  toHex,
  toTimestamp,
  type ValidatorSet,
} from "@aethel/models";
import type { Checkpoint } from "@aethel/pbft";
import { followBounds, followHeaders, trustHeader, verifyHeader } from "@aethel/pbft/light";

/** Source from which the reader knows a validator set without trusting the node that it asks. */
export type TrustAnchor =
  | { readonly type: "genesis" }
  /** Block that an operator stated to be final, with its header, which the digest confirms. */
  | { readonly type: "checkpoint"; readonly checkpoint: Checkpoint; readonly header: BlockHeader };

/** Header with the certificate that makes it final, and the bytes of the set that voted on it. */
export interface CertifiedHeader {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  readonly validators: Uint8Array;
}

/** Result of checking a header. `signers` of `members` signed it, with a part of the power. */
export type HeaderCheck =
  | {
      readonly ok: true;
      readonly signers: number;
      readonly members: number;
      /** Part of the voting power that signed, in basis points. */
      readonly basisPoints: number;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks on this machine that a header is final: a quorum of a validator set signed it, and the set
 * is that of genesis or follows from a checkpoint.
 */
export function checkHeader(
  certified: CertifiedHeader,
  {
    genesis,
    anchor,
    nowMs,
  }: {
    readonly genesis: Genesis;
    readonly anchor: TrustAnchor;
    readonly nowMs: number;
  },
): HeaderCheck {
  const { header, certificate } = certified;
  const set = setOf(certified);
  if (set === undefined)
    return refused("the node sent no validator set that belongs to the header");
  const chain = hashGenesis(genesis);
  const defect = verifyHeader({ genesis: chain, set, header, certificate });
  if (defect !== undefined)
    return refused(`the certificate does not make the block final: ${defect}`);
  const unknown =
    anchor.type === "genesis"
      ? findGenesisDefect(set, { genesis, header, nowMs })
      : findCheckpointDefect(certified, { genesis, anchor, nowMs });
  if (unknown !== undefined) return refused(unknown);
  const signers = signersOfCertificate(certificate);
  const power = powerOf(set, signers);
  const basisPoints = Number((power * 10_000n) / set.totalPower);
  return { ok: true, signers: signers.length, members: set.validators.length, basisPoints };
}

function refused(reason: string): HeaderCheck {
  return { ok: false, reason };
}

/** Decodes the set that voted on a header. Undefined if the bytes are another set, or none. */
function setOf({ header, validators }: CertifiedHeader): ValidatorSet | undefined {
  try {
    const set = decodeValidatorSet(validators);
    return equalBytes(set.hash, header.validators) ? set : undefined;
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

/** Bounds of age are those of a light client: a set that has left can sign anything at no cost. */
function findGenesisDefect(
  set: ValidatorSet,
  about: { readonly genesis: Genesis; readonly header: BlockHeader; readonly nowMs: number },
): string | undefined {
  const { genesis, header, nowMs } = about;
  const first = genesis.validators.map(({ id, key, stake }) => ({ id, key, power: stake }));
  if (!equalBytes(createValidatorSet(first).hash, set.hash)) {
    return "the set that signed is not that of genesis, so a checkpoint has to vouch for it";
  }
  const { trustedForMs, aheadMs } = followBounds({ now: nowMs, parameters: genesis.parameters });
  if (nowMs - genesis.timestamp > trustedForMs) {
    return "the set of genesis is too old to be relied on, so a checkpoint has to vouch for it";
  }
  return header.timestamp > nowMs + aheadMs ? "the block is dated in the future" : undefined;
}

function findCheckpointDefect(
  { header, certificate, validators }: CertifiedHeader,
  about: {
    readonly genesis: Genesis;
    readonly anchor: Extract<TrustAnchor, { readonly type: "checkpoint" }>;
    readonly nowMs: number;
  },
): string | undefined {
  const { genesis, anchor, nowMs } = about;
  const { checkpoint } = anchor;
  const [stated, found] = [checkpoint.digest, blockDigest(anchor.header)];
  if (!equalBytes(stated, found)) return "the node sent another block than the checkpoint names";
  if (equalBytes(stated, blockDigest(header))) return undefined;
  if (!equalBytes(anchor.header.nextValidators, header.validators)) {
    return "the validator set has changed since the checkpoint: take a newer one";
  }
  const head = trustHeader({
    header: anchor.header,
    nextValidators: validators,
    statedAt: toTimestamp(checkpoint.statedAt),
  });
  const bounds = followBounds({ now: nowMs, parameters: genesis.parameters });
  const updates = [{ header, certificate }];
  const result = followHeaders({ genesis: hashGenesis(genesis), head, updates, bounds });
  // A header may name another set for the next block. Its own votes come from the set before.
  const isFinal = result.type === "followed" || result.defect === "next-set-missing";
  return isFinal ? undefined : `the block does not follow from the checkpoint: ${result.defect}`;
}

/** First digits of a block's digest. */
export function shortDigest(header: BlockHeader): string {
  return toHex(blockDigest(header)).slice(0, 16);
}
