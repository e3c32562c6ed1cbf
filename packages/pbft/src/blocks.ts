import {
  type AccountId,
  type Block,
  type BlockOutline,
  type Digest,
  equalBytes,
  type QuorumCertificate,
} from "@aethel/models";
import { leadershipHashAfter } from "./schedule/leader-at.ts";
import { type KnownBlock, knownBlock, type State } from "./state.ts";
import { patch, type StepContext } from "./step-context.ts";

/**
 * Returns the rule of the chain that a block of the current sequence breaks, as far as this shows
 * without executing the block. Undefined if it breaks none. The block's body and the signatures of
 * its parent certificate must have been checked.
 */
export function findChainDefect(
  options: { readonly state: State; readonly genesis: Digest; readonly minBlockIntervalMs: number },
  block: Block,
): string | undefined {
  const { state, genesis } = options;
  const { header, parentCertificate } = block;
  const { head } = state;
  if (!equalBytes(header.chain, genesis)) return "of another chain";
  if (header.sequence !== state.sequence) return "of another sequence";
  if (!equalBytes(header.parent, head.digest)) return "on another parent";
  if (!equalBytes(header.validators, head.validators.hash)) return "for another validator set";
  if (header.timestamp < head.header.timestamp + options.minBlockIntervalMs) {
    return "too soon after its parent";
  }
  if (!isParentCertificate(state, parentCertificate))
    return "without the certificate of its parent";
  const expected = leadershipHashAfter(head, parentCertificate);
  return head.leadership === undefined || equalBytes(header.leadership, expected)
    ? undefined
    : "with another record of leaders";
}

/**
 * Whether a certificate with verified signatures makes the head final. If the head is the genesis
 * block, only undefined is right, since it has no certificate.
 */
export function isParentCertificate(
  state: State,
  certificate: QuorumCertificate | undefined,
): boolean {
  const { header, digest } = state.head;
  if (header.sequence === 0 || certificate === undefined) {
    return header.sequence === 0 && certificate === undefined;
  }
  return (
    certificate.phase === "commit" &&
    certificate.sequence === header.sequence &&
    equalBytes(certificate.digest, digest)
  );
}

/**
 * Keeps a block of the current sequence. If the block breaks a rule of the chain, it is kept as
 * refused.
 */
export function keepBlock(context: StepContext, digest: Digest, block: Block): void {
  const { state, config } = context;
  if (knownBlock(state, digest) !== undefined) return;
  const { genesis, minBlockIntervalMs } = config;
  const defect = findChainDefect({ state, genesis, minBlockIntervalMs }, block);
  const verdict = defect === undefined ? "unchecked" : "refused";
  const known: KnownBlock = {
    digest,
    block,
    verdict,
    reason: defect ?? "",
    claim: undefined,
    durable: false,
  };
  patch(context, { blocks: trim(state, [...state.blocks, known], config.blocksMax) });
}

/**
 * Requests a missing block from peers. If the block's outline is known, requests only the missing
 * items.
 */
export function ensureBlock(
  context: StepContext,
  digest: Digest,
  hint: AccountId | undefined,
  outline?: BlockOutline,
): void {
  if (knownBlock(context.state, digest) !== undefined) return;
  context.effects.push({ type: "fetch-block", digest, hint, outline });
}

/** Records the verdict of this replica on a block. */
export function setVerdict(
  context: StepContext,
  digest: Digest,
  verdict: Pick<KnownBlock, "verdict" | "reason" | "claim">,
): void {
  const blocks = context.state.blocks.map((known) =>
    equalBytes(known.digest, digest) ? { ...known, ...verdict } : known,
  );
  patch(context, { blocks });
}

/** Records that the signing log has a block, so that the block is not written twice. */
export function markDurable(context: StepContext, digest: Digest): void {
  const blocks = context.state.blocks.map((known) =>
    equalBytes(known.digest, digest) ? { ...known, durable: true } : known,
  );
  patch(context, { blocks });
}

/**
 * Returns the digests of the blocks that certificates or the current proposal name, at most three.
 */
export function neededBlocks(state: State | undefined): readonly Digest[] {
  const named = [state?.prepared, state?.committed, state?.proposal?.proposal];
  return named.flatMap((each) => (each === undefined ? [] : [each.digest]));
}

/**
 * Drops the oldest block that is neither needed nor durable, if there are too many. A durable
 * block, one that this replica voted for, is never dropped; there is at most one in each view. A
 * certificate for it may appear in any later view, and then somebody must have the block.
 */
function trim(state: State, blocks: readonly KnownBlock[], max: number): readonly KnownBlock[] {
  const spare = blocks.filter(({ durable }) => !durable);
  if (spare.length <= max) return blocks;
  const needed = neededBlocks(state);
  const victim = spare.find(({ digest }) => !needed.some((other) => equalBytes(other, digest)));
  return blocks.filter((known) => known !== victim);
}
