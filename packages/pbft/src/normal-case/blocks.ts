import {
  type AccountId,
  type Digest,
  equalBytes,
  type ProofBlock,
  type QuorumCertificate,
} from "@aethel/models";
import { type Draft, patch } from "../draft.ts";
import { type KnownBlock, knownBlock, type State } from "../state.ts";

/**
 * Which rule of the chain, checkable without executing, a block at the sequence in hand breaks. Its
 * body and the signatures of its parent certificate were checked when it came in.
 */
export function findChainDefect(
  options: { readonly state: State; readonly genesis: Digest; readonly minBlockIntervalMs: number },
  block: ProofBlock,
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
  return isParentCertificate(state, parentCertificate)
    ? undefined
    : "without the certificate of its parent";
}

/** Whether a certificate, its signatures verified, is one that makes the head final. */
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

/** Keeps a block of the sequence in hand; one that breaks the chain is kept as refused. */
export function keepBlock(draft: Draft, digest: Digest, block: ProofBlock): void {
  const { state, config } = draft;
  if (knownBlock(state, digest) !== undefined) return;
  const { genesis, minBlockIntervalMs } = config;
  const defect = findChainDefect({ state, genesis, minBlockIntervalMs }, block);
  const verdict = defect === undefined ? "unjudged" : "refused";
  const known: KnownBlock = {
    digest,
    block,
    verdict,
    reason: defect ?? "",
    falseClaim: undefined,
    durable: false,
  };
  const blocks = [...state.blocks, known];
  patch(draft, { blocks: blocks.length > config.blocksMax ? trim(state, blocks) : blocks });
}

/** Asks for a block that is not here. */
export function ensureBlock(draft: Draft, digest: Digest, hint: AccountId | undefined): void {
  if (knownBlock(draft.state, digest) !== undefined) return;
  draft.effects.push({ type: "fetch-block", digest, hint });
}

/** Records what this replica thinks of a block. */
export function setVerdict(
  draft: Draft,
  digest: Digest,
  verdict: Pick<KnownBlock, "verdict" | "reason" | "falseClaim">,
): void {
  const blocks = draft.state.blocks.map((known) =>
    equalBytes(known.digest, digest) ? { ...known, ...verdict } : known,
  );
  patch(draft, { blocks });
}

/** Records that the signing log holds a block, so that it is written once. */
export function markDurable(draft: Draft, digest: Digest): void {
  const blocks = draft.state.blocks.map((known) =>
    equalBytes(known.digest, digest) ? { ...known, durable: true } : known,
  );
  patch(draft, { blocks });
}

/** Without its oldest block that neither a certificate nor the current proposal names. */
function trim(state: State, blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  const needed = [state.prepared?.digest, state.committed?.digest, state.proposal?.proposal.digest];
  const victim = blocks.findIndex(
    ({ digest }) => !needed.some((other) => other !== undefined && equalBytes(other, digest)),
  );
  return blocks.filter((_, index) => index !== victim);
}
