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
 * Says which rule of the chain a block of the current sequence breaks, as far as that shows without
 * executing it; undefined if it breaks none. Its body and the signatures of its parent certificate
 * were checked when it came in.
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
 * Whether a certificate, its signatures verified, is one that makes the head final. The genesis
 * block has none, so only undefined is right for it.
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

/** Keeps a block of the current sequence; one that breaks the chain is kept as refused. */
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

/** Asks peers for a block that is not here, or for what is missing of its outline. */
export function ensureBlock(
  context: StepContext,
  digest: Digest,
  hint: AccountId | undefined,
  outline?: BlockOutline,
): void {
  if (knownBlock(context.state, digest) !== undefined) return;
  context.effects.push({ type: "fetch-block", digest, hint, outline });
}

/** Records what this replica thinks of a block. */
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

/** Records that the signing log holds a block, so that it is written once. */
export function markDurable(context: StepContext, digest: Digest): void {
  const blocks = context.state.blocks.map((known) =>
    equalBytes(known.digest, digest) ? { ...known, durable: true } : known,
  );
  patch(context, { blocks });
}

/** Digests of the blocks that a certificate or the current proposal names, three at most. */
export function neededBlocks(state: State | undefined): readonly Digest[] {
  const named = [state?.prepared, state?.committed, state?.proposal?.proposal];
  return named.flatMap((each) => (each === undefined ? [] : [each.digest]));
}

/**
 * Drops the oldest block that is neither needed nor durable, if there are too many. A block that
 * was voted for is durable and stays, at most one for each view: a certificate for it may turn up
 * in any later view, and somebody must then have the block.
 */
function trim(state: State, blocks: readonly KnownBlock[], max: number): readonly KnownBlock[] {
  const spare = blocks.filter(({ durable }) => !durable);
  if (spare.length <= max) return blocks;
  const needed = neededBlocks(state);
  const victim = spare.find(({ digest }) => !needed.some((other) => equalBytes(other, digest)));
  return blocks.filter((known) => known !== victim);
}
