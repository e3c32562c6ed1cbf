import {
  assert,
  blockDigest,
  equalBytes,
  outlineOf,
  type QuorumCertificate,
  type Sequence,
  toView,
  type ValidatorIndex,
} from "@aethel/models";
import { keepBlock, markDurable } from "./blocks.ts";
import { type SignedDigest, type SigningEntry, sequenceOfEntry } from "./record.ts";
import { knownBlock, type State, statingIndex } from "./state.ts";
import { patch, type StepContext } from "./step-context.ts";

/** Most entries of the signing log that are kept until the application reaches their sequences. */
export const KEPT_ENTRIES_MAX = 4_096;

/** Entries of a log at sequences that the application has not finalized. */
export interface KeptEntries {
  /** Log entries of sequences above the head, in the log's order. */
  readonly kept: readonly SigningEntry[];
  /** Highest sequence whose entries were dropped because there were too many; 0 if none were. */
  readonly dropped: number;
}

/**
 * Returns the entries at sequences above `head`. If there are too many, all entries of the lowest
 * sequences are dropped, and nothing may be signed at these sequences any more. The entries of the
 * highest sequence are always kept, as in a running replica.
 */
export function entriesBeyond(
  entries: readonly SigningEntry[],
  head: Sequence,
  max: number = KEPT_ENTRIES_MAX,
): KeptEntries {
  let kept = entries.filter((entry) => (sequenceOfEntry(entry) ?? 0) > head);
  kept = kept.filter(({ type }) => type !== "floor");
  let dropped = 0;
  while (kept.length > max) {
    const sequences = new Set(kept.map((entry) => sequenceOfEntry(entry) ?? 0));
    if (sequences.size === 1) break;
    const lowest = Math.min(...sequences);
    dropped = lowest;
    kept = kept.filter((entry) => sequenceOfEntry(entry) !== lowest);
  }
  return { kept, dropped };
}

/**
 * Restores the statements that were signed at the current sequence, and sends the last ones again
 * (B5). Called when the replica starts. If the application's database went back, also called at
 * each sequence that it reaches again (B26).
 */
export function takeUpKept(context: StepContext): void {
  const { kept, sequence } = context.state;
  let request: RequestEntry | undefined;
  for (const entry of kept) {
    if (sequenceOfEntry(entry) !== sequence) continue;
    replay(context, entry);
    if (entry.type === "view-change") request = entry;
  }
  resume(context, request);
}

function replay(context: StepContext, entry: SigningEntry): void {
  const { state } = context;
  const { signed } = state;
  switch (entry.type) {
    case "proposal":
      if (isRepeated(signed.proposal, entry)) return;
      return patch(context, {
        signed: { ...signed, proposal: { view: entry.view, digest: entry.digest } },
        view: atLeast(state, entry.view),
      });
    case "vote": {
      const { phase, view, digest } = entry;
      if (isRepeated(signed[phase], entry)) return;
      return patch(context, {
        signed: { ...signed, [phase]: { view, digest } },
        view: atLeast(state, view),
      });
    }
    case "view-change":
      patch(context, { view: atLeast(state, entry.body.newView) });
      return lock(context, entry.prepareCertificate);
    case "prepared":
      return lock(context, entry.certificate);
    case "block": {
      const digest = blockDigest(entry.block.header);
      keepBlock(context, digest, entry.block);
      return markDurable(context, digest);
    }
    case "floor":
    case "listen":
    case "evidence":
      return;
  }
}

/**
 * Whether a statement is known already, or one of a later view is. A log may have a record twice,
 * but never two that contradict each other.
 */
function isRepeated(known: SignedDigest | undefined, entry: SignedDigest): boolean {
  if (known === undefined || known.view < entry.view) return false;
  const contradicts = known.view === entry.view && !equalBytes(known.digest, entry.digest);
  assert(!contradicts, "one proposal and one vote of each phase in each view");
  return true;
}

function atLeast(state: State, view: number): State["view"] {
  return toView(Math.max(state.view, view));
}

function lock(context: StepContext, certificate: QuorumCertificate | undefined): void {
  const { prepared } = context.state;
  if (certificate === undefined || (prepared?.view ?? -1) >= certificate.view) return;
  patch(context, { prepared: certificate, view: atLeast(context.state, certificate.view) });
}

type RequestEntry = Extract<SigningEntry, { type: "view-change" }>;

/**
 * Sends the last statements again. They are durable, and signing them again gives the same bytes.
 */
function resume(context: StepContext, request: RequestEntry | undefined): void {
  // While the log fails, too: the driver holds them back until it does not.
  const me = statingIndex(context.state);
  if (me === undefined) return;
  resumeViewChange(context, me, request);
  const { signed, sequence, view } = context.state;
  if (signed.proposal?.view === 0 && view === 0) {
    const { digest } = signed.proposal;
    const block = knownBlock(context.state, digest)?.block;
    const proposal = { sequence, view, digest, leader: me };
    const outline = block === undefined ? undefined : outlineOf(block);
    const statement = { type: "pre-prepare", proposal, outline } as const;
    context.effects.push({ type: "sign-and-send", statement });
  }
  for (const phase of ["prepare", "commit"] as const) {
    const vote = signed[phase];
    if (vote === undefined) continue;
    const statement = { type: phase, sequence, view: vote.view, digest: vote.digest, voter: me };
    context.effects.push({ type: "sign-and-send", statement });
  }
}

function resumeViewChange(
  context: StepContext,
  me: ValidatorIndex,
  request: RequestEntry | undefined,
): void {
  // Having voted in a later view says more than having asked for an earlier one.
  if (request === undefined || request.body.newView < context.state.view) return;
  patch(context, { phase: "changing" });
  context.effects.push({
    type: "sign-and-send",
    statement: {
      type: "view-change",
      body: request.body,
      voter: me,
      parentCertificate: context.state.head.certificate,
      prepareCertificate: request.prepareCertificate,
    },
  });
}
