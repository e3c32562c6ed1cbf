import { type ConsensusMessage, toHex } from "@aethel/models";
import type { Effect, Occurrence, SigningEntry, Statement } from "../src/index.ts";

/** One step as a reviewer reads it: what happened, and under it what must be done, in order. */
export function renderStep(
  time: number,
  node: number,
  occurrence: Occurrence,
  effects: readonly Effect[],
): string {
  const lines = effects.map((effect) => `    ${renderEffect(effect)}`);
  return [`${time} replica ${node}: ${renderOccurrence(occurrence)}`, ...lines].join("\n");
}

function renderOccurrence(occurrence: Occurrence): string {
  switch (occurrence.type) {
    case "message":
      return renderMessage(occurrence.message);
    case "verdict":
      return `verdict ${short(occurrence.digest)} ${occurrence.verdict.type}`;
    case "claim":
      return `claim about ${short(occurrence.digest)}: ${occurrence.claim ? "found" : "none"}`;
    case "proposed":
      return `proposed for view ${occurrence.view}: ${occurrence.block ? "a block" : "nothing"}`;
    case "block":
      return `block ${short(occurrence.digest)}`;
    case "finalized":
      return `finalized ${occurrence.finalized.block.header.sequence}`;
    case "committed":
      return `committed ${occurrence.head.header.sequence}`;
    case "contradicted":
      return `contradicted: ${occurrence.reason}`;
    case "work":
      return `work ${occurrence.pending ? "pending" : "done"}`;
    case "timeout":
      return `timeout of ${occurrence.timer}`;
    case "signing":
      return `the log ${occurrence.possible ? "works" : "fails"}`;
    case "evidence":
      return `evidence of ${occurrence.evidence.type}`;
    case "signed-head":
      return `${short(occurrence.validator)} signs head ${occurrence.sequence}`;
    case "listener":
      return `${short(occurrence.validator)} listens`;
    case "ahead":
      return `a peer is at ${occurrence.sequence}`;
  }
}

function renderEffect(effect: Effect): string {
  switch (effect.type) {
    case "persist":
    case "forget":
      return `${effect.type} ${effect.entries.map(renderEntry).join(", ")}`;
    case "sign-and-send":
      return `sign and send ${renderMessage(effect.statement)}`;
    case "send":
      return `tell one ${renderMessage(effect.message)}`;
    case "share-evidence":
      return `share evidence of ${effect.evidence.type}`;
    case "broadcast":
      return `send again ${renderMessage(effect.message)}`;
    case "reconsider":
      return `reconsider ${effect.messages.map(renderMessage).join(", ")}`;
    case "propose":
      return `propose ${effect.sequence}/${effect.view} for ${effect.reason}`;
    case "verify":
      return `verify ${short(effect.digest)}, patience ${effect.patience}`;
    case "find-claim":
      return `find claim about ${short(effect.digest)}`;
    case "commit":
      return `commit ${short(effect.finalized.certificate.digest)} of view ${effect.view}`;
    case "fetch-block":
      return `fetch block ${short(effect.digest)}`;
    case "fetch-blocks":
      return `fetch blocks from ${effect.from}`;
    case "ask-heads":
      return `ask heads above ${effect.known}`;
    case "ask-signed-heads":
      return `ask ${effect.of.length} for signed heads`;
    case "tell-head":
      return `tell head ${effect.known}`;
    case "start-timer":
      return `start ${effect.timer} timer, ${effect.delayMs} ms`;
    case "stop-timer":
      return `stop ${effect.timer} timer`;
    case "diverge":
      return `diverge: ${effect.reason}`;
    case "report":
      return `report ${effect.event.type}`;
    case "discard":
      return `discard ${effect.input}: ${effect.reason}`;
  }
}

function renderMessage(message: ConsensusMessage | Statement): string {
  switch (message.type) {
    case "pre-prepare":
    case "new-view": {
      const { sequence, view, digest, leader } = message.proposal;
      return `${message.type} ${sequence}/${view} ${short(digest)} by ${leader}`;
    }
    case "prepare":
    case "commit":
      return `${message.type} ${message.sequence}/${message.view} ${short(message.digest)} by ${message.voter}`;
    case "view-change": {
      const { sequence, newView, prepared } = message.body;
      const lock = prepared ? `${short(prepared.digest)} of view ${prepared.view}` : "nothing";
      return `view-change ${sequence}/${newView} by ${message.voter}, prepared ${lock}`;
    }
  }
}

function renderEntry(entry: SigningEntry): string {
  switch (entry.type) {
    case "vote":
      return `${entry.phase} vote ${entry.sequence}/${entry.view} ${short(entry.digest)}`;
    case "proposal":
      return `proposal ${entry.sequence}/${entry.view} ${short(entry.digest)}`;
    case "prepared":
      return `certificate ${entry.certificate.sequence}/${entry.certificate.view}`;
    case "view-change":
      return `view-change ${entry.body.sequence}/${entry.body.newView}`;
    case "floor":
      return `floor ${entry.sequence}`;
    case "block":
    case "evidence":
    case "listen":
      return entry.type;
  }
}

function short(digest: Uint8Array): string {
  return toHex(digest).slice(0, 6);
}
