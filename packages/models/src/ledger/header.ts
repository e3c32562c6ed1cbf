import { amount, difficulty, type Infer, natural, root, struct } from "../codec/index.ts";
import type { BlockHeader } from "../consensus/header.ts";

/** The ledger's part of a block header, which consensus carries as bytes. */
export const LedgerHeader = struct("LedgerHeader", {
  /** Root over the results of all proofs of the block. */
  verificationRoot: root,
  stateRootBefore: root,
  stateRootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  totalDifficulty: difficulty,
  /** It grows with kernel and prover too, which are fixed beside it in the parameters. */
  judgeVersion: natural(4),
});
export type LedgerHeader = Infer<typeof LedgerHeader>;

const known = new WeakMap<Uint8Array, LedgerHeader>();

/**
 * The ledger's part of a header, decoded once for each object.
 *
 * @throws ModelsError `DECODE` when the bytes are none: the header is of another application.
 */
export function ledgerHeader({ application }: Pick<BlockHeader, "application">): LedgerHeader {
  const found = known.get(application);
  if (found !== undefined) return found;
  const decoded = LedgerHeader.decode(application);
  known.set(application, decoded);
  return decoded;
}

/** A header with another ledger's part. */
export function withLedgerHeader(header: BlockHeader, change: Partial<LedgerHeader>): BlockHeader {
  const application = LedgerHeader.encode({ ...ledgerHeader(header), ...change });
  return { ...header, application };
}
