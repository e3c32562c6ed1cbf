import { amount, difficulty, type Infer, natural, root, struct } from "../codec/index.ts";
import type { BlockHeader } from "../consensus/header.ts";

/** The ledger's part of a block header. Consensus treats it as bytes. */
export const LedgerHeader = struct("LedgerHeader", {
  /** Root over the results of the calls. Those of the judged proofs are in the block's annex. */
  callResultsRoot: root,
  stateRootBefore: root,
  stateRootAfter: root,
  supplyBefore: amount,
  supplyAfter: amount,
  totalDifficulty: difficulty,
  /** Version of the Judge. It also rises with each new kernel or prover. */
  judgeVersion: natural(4),
});
export type LedgerHeader = Infer<typeof LedgerHeader>;

const known = new WeakMap<Uint8Array, LedgerHeader>();

/**
 * Decodes the ledger's part of a header. The result is cached for each object.
 *
 * @throws ModelsError `DECODE` for the header of another application.
 */
export function ledgerHeader({ application }: Pick<BlockHeader, "application">): LedgerHeader {
  const found = known.get(application);
  if (found !== undefined) return found;
  const decoded = LedgerHeader.decode(application);
  known.set(application, decoded);
  return decoded;
}

/** Returns the header with some fields of the ledger's part replaced. */
export function withLedgerHeader(header: BlockHeader, change: Partial<LedgerHeader>): BlockHeader {
  const application = LedgerHeader.encode({ ...ledgerHeader(header), ...change });
  return { ...header, application };
}
