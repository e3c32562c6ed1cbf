import {
  assert,
  blockDigest,
  type QuorumCertificate,
  type Sequence,
  toSequence,
  toView,
  type ValidatorIndex,
} from "@aethel/models";
import type { Config } from "./config.ts";
import { type Draft, patch } from "./draft.ts";
import { considerProposing } from "./leader/lead.ts";
import { keepBlock, markDurable } from "./normal-case/blocks.ts";
import { judgeNext } from "./normal-case/progress.ts";
import { armViewTimer, startHeartbeat, startResend } from "./pacemaker/timing.ts";
import type { ApplicationHead } from "./ports.ts";
import { type SigningEntry, sequenceOfEntry } from "./record.ts";
import { createState, knownBlock, type State, signingIndex } from "./state.ts";
import type { Transition } from "./step.ts";

/**
 * The first transition of a replica: its state from the application's head and its signing log,
 * before anything is read from the network (B6), and its last statements once more (B5).
 *
 * A log that is ahead of the application (which was rolled back) makes the replica follow in
 * silence until the application has caught up with what was signed.
 */
export function recover(options: {
  readonly config: Config;
  readonly head: ApplicationHead;
  readonly entries: readonly SigningEntry[];
  readonly hasWork: boolean;
  readonly now: number;
}): Transition {
  const { config, head, entries, hasWork, now } = options;
  const state: State = { ...createState(config, head), work: hasWork };
  const draft: Draft = { config, now, state, effects: [] };
  patch(draft, { floor: floorOf(entries, state.sequence), listeningSince: listeningOf(entries) });
  for (const entry of entries) {
    if (sequenceOfEntry(entry) === state.sequence) replay(draft, entry);
  }
  const request = entries.findLast((entry) => entry.type === "view-change");
  resume(draft, request?.body.sequence === state.sequence ? request : undefined);
  startHeartbeat(draft);
  startResend(draft);
  draft.effects.push({ type: "ask-heads", known: head.header.sequence });
  armViewTimer(draft);
  considerProposing(draft);
  judgeNext(draft);
  return { state: draft.state, effects: draft.effects };
}

/** Signatures below the highest sequence in the log may have been dropped from it. */
function floorOf(entries: readonly SigningEntry[], sequence: Sequence): Sequence {
  let floor = 0;
  for (const entry of entries) {
    const at = sequenceOfEntry(entry) ?? 0;
    // What was signed at the sequence in hand is all there, unless a floor says otherwise.
    if (entry.type === "floor") floor = Math.max(floor, at);
    else if (at > sequence) floor = Math.max(floor, at - 1);
  }
  return toSequence(floor);
}

function listeningOf(entries: readonly SigningEntry[]): State["listeningSince"] {
  let since: State["listeningSince"];
  for (const entry of entries) {
    if (entry.type === "listen") since = entry.since;
    if (entry.type === "floor") since = undefined;
  }
  return since;
}

function replay(draft: Draft, entry: SigningEntry): void {
  const { state } = draft;
  const { signed } = state;
  switch (entry.type) {
    case "proposal":
      assert((signed.proposal?.view ?? -1) < entry.view, "one proposal in each view");
      return patch(draft, {
        signed: { ...signed, proposal: entry },
        view: atLeast(state, entry.view),
      });
    case "vote": {
      const { phase, view, digest } = entry;
      assert((signed[phase]?.view ?? -1) < view, "one vote of each phase in each view");
      return patch(draft, {
        signed: { ...signed, [phase]: { view, digest } },
        view: atLeast(state, view),
      });
    }
    case "view-change":
      patch(draft, { view: atLeast(state, entry.body.newView) });
      return lock(draft, entry.prepareCertificate);
    case "prepared":
      return lock(draft, entry.certificate);
    case "block": {
      const digest = blockDigest(entry.block.header);
      keepBlock(draft, digest, entry.block);
      return markDurable(draft, digest);
    }
    case "floor":
    case "listen":
      return;
  }
}

function atLeast(state: State, view: number): State["view"] {
  return toView(Math.max(state.view, view));
}

function lock(draft: Draft, certificate: QuorumCertificate | undefined): void {
  const { prepared } = draft.state;
  if (certificate === undefined || (prepared?.view ?? -1) >= certificate.view) return;
  patch(draft, { prepared: certificate, view: atLeast(draft.state, certificate.view) });
}

type RequestEntry = Extract<SigningEntry, { type: "view-change" }>;

/** Sends the last statements again. They are durable, and signing them again gives the same bytes. */
function resume(draft: Draft, request: RequestEntry | undefined): void {
  const me = signingIndex(draft.state);
  if (me === undefined) return;
  resumeViewChange(draft, me, request);
  const { signed, sequence, view } = draft.state;
  if (signed.proposal?.view === 0 && view === 0) {
    const { digest } = signed.proposal;
    const block = knownBlock(draft.state, digest)?.block;
    const proposal = { sequence, view, digest, leader: me };
    const statement = { type: "pre-prepare", proposal, block } as const;
    draft.effects.push({ type: "sign-and-send", statement });
  }
  for (const phase of ["prepare", "commit"] as const) {
    const vote = signed[phase];
    if (vote === undefined) continue;
    const statement = { type: phase, sequence, view: vote.view, digest: vote.digest, voter: me };
    draft.effects.push({ type: "sign-and-send", statement });
  }
}

function resumeViewChange(
  draft: Draft,
  me: ValidatorIndex,
  request: RequestEntry | undefined,
): void {
  // Having voted in a later view says more than having asked for an earlier one.
  if (request === undefined || request.body.newView < draft.state.view) return;
  patch(draft, { phase: "changing" });
  draft.effects.push({
    type: "sign-and-send",
    statement: {
      type: "view-change",
      body: request.body,
      voter: me,
      parentCertificate: draft.state.head.certificate,
      prepareCertificate: request.prepareCertificate,
    },
  });
}
