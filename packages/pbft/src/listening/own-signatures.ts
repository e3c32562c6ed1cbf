import {
  type ConsensusMessage,
  equalBytes,
  indexOfValidator,
  type QuorumCertificate,
  type Sequence,
  signersOfCertificate,
  type ValidatorIndex,
  type ValidatorSet,
} from "@aethel/models";
import type { OwnStatement, OwnStatements } from "../books/own-statements.ts";
import type { Config } from "../config.ts";
import { holdsKeyOf } from "../own-key.ts";
import type { SigningEntry } from "../record.ts";
import type { State } from "../state.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { beginListening } from "./listen.ts";

/** Returns the statements in a signing log at sequences above the head. */
export function recallStatements(entries: readonly SigningEntry[], head: Sequence): OwnStatements {
  return {
    after: head,
    statements: statementsIn(entries).filter(({ sequence }) => sequence > head),
  };
}

/**
 * Records this replica's statements that the effects of the current step make durable. Only durable
 * statements are signed.
 */
export function noteStatements(context: StepContext): void {
  const { own, sequence } = context.state;
  if (own === undefined) return;
  const entries = context.effects.flatMap((effect) =>
    effect.type === "persist" ? effect.entries : [],
  );
  const fresh = statementsIn(entries);
  const isOver = (statement: OwnStatement): boolean => statement.sequence < sequence - 1;
  if (fresh.length === 0 && !own.statements.some(isOver)) return;
  const statements = [...own.statements, ...fresh].filter((statement) => !isOver(statement));
  patch(context, { own: { ...own, statements } });
}

/**
 * Searches a message and its certificates for a signature of this replica that it does not know.
 * All signatures were verified before.
 */
export function checkMessage(context: StepContext, message: ConsensusMessage): void {
  if (context.state.own === undefined) return;
  const { statement, signer } = claimOf(message);
  checkStatement(context, statement, (index) => index === signer);
  for (const certificate of certificatesIn(message)) checkCertificate(context, certificate);
}

/**
 * Searches a certificate with verified signatures for a vote of this replica that it does not know.
 */
export function checkCertificate(
  context: StepContext,
  certificate: QuorumCertificate | undefined,
): void {
  if (context.state.own === undefined || certificate === undefined) return;
  const { phase, sequence, view, digest } = certificate;
  checkStatement(context, { type: phase, sequence, view, digest }, (index) =>
    signersOfCertificate(certificate).includes(index),
  );
}

/**
 * Stops signing immediately if this replica's key has signed a statement that this replica does not
 * know. The signer has another log, so the next signature here could contradict it.
 */
function checkStatement(
  context: StepContext,
  statement: OwnStatement,
  isBy: (index: ValidatorIndex) => boolean,
): void {
  const { state, config } = context;
  const { own, floor, listening } = state;
  const { type, sequence, view, digest } = statement;
  // At and below the floor entries were dropped, or never known.
  if (own === undefined || sequence <= Math.max(own.after, floor)) return;
  if (listening !== undefined && listening.cause !== "starting") return;
  const me = ownIndexAt(state, config, sequence);
  if (me === undefined || !isBy(me)) return;
  if (own.statements.some((known) => isSame(known, statement))) return;
  report(context, { type: "own-signature", statement: type, sequence, view, digest });
  beginListening(context, "own-signature");
}

function ownIndexAt(state: State, config: Config, sequence: Sequence): ValidatorIndex | undefined {
  const set = setOf(state, sequence);
  if (set === undefined || !holdsKeyOf(config, set)) return undefined;
  return indexOfValidator(set, config.id);
}

/**
 * Returns the set against which the signatures of a sequence were verified. Undefined if the
 * sequence is not the current one or a neighbour of it.
 */
function setOf({ head, sequence: current }: State, sequence: Sequence): ValidatorSet | undefined {
  if (sequence === current - 1) return head.previousValidators;
  return sequence === current || sequence === current + 1 ? head.validators : undefined;
}

function isSame(left: OwnStatement, right: OwnStatement): boolean {
  if (left.type !== right.type || left.sequence !== right.sequence) return false;
  if (left.view !== right.view) return false;
  if (left.digest === undefined || right.digest === undefined) return true;
  return equalBytes(left.digest, right.digest);
}

function statementsIn(entries: readonly SigningEntry[]): readonly OwnStatement[] {
  return entries.flatMap((entry): readonly OwnStatement[] => {
    switch (entry.type) {
      case "proposal": {
        const { type, sequence, view, digest } = entry;
        return [{ type, sequence, view, digest }];
      }
      case "vote": {
        const { phase, sequence, view, digest } = entry;
        return [{ type: phase, sequence, view, digest }];
      }
      case "view-change": {
        const { sequence, newView } = entry.body;
        return [{ type: "view-change", sequence, view: newView, digest: undefined }];
      }
      default:
        return [];
    }
  });
}

function claimOf(message: ConsensusMessage): {
  readonly statement: OwnStatement;
  readonly signer: ValidatorIndex;
} {
  switch (message.type) {
    case "prepare":
    case "commit": {
      const { type, sequence, view, digest, voter } = message;
      return { statement: { type, sequence, view, digest }, signer: voter };
    }
    case "pre-prepare":
    case "new-view": {
      const { sequence, view, digest, leader } = message.proposal;
      return { statement: { type: "proposal", sequence, view, digest }, signer: leader };
    }
    case "view-change": {
      const { sequence, newView } = message.body;
      const type = "view-change";
      return {
        statement: { type, sequence, view: newView, digest: undefined },
        signer: message.voter,
      };
    }
  }
}

function certificatesIn(message: ConsensusMessage): readonly (QuorumCertificate | undefined)[] {
  switch (message.type) {
    case "prepare":
    case "commit":
      return [];
    case "pre-prepare":
      return [message.outline?.parentCertificate];
    case "view-change":
    case "new-view":
      return [message.parentCertificate, message.prepareCertificate];
  }
}
