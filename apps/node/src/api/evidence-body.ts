import { Evidence, toHex } from "@aethel/models";
import type { EvidenceBody, WholeEvidence } from "./api.ts";

/** Reason for a slash that is not for evidence in the same block. */
export const RAISED =
  "equivocated earlier: its slash was raised to three times the share of power that was convicted within " +
  "unbondingMs, its own included";

/** Id of a piece of evidence: its SHA-256 in hex. */
export function evidenceId(item: Evidence): string {
  return toHex(Evidence.digest(item));
}

/** Converts evidence to JSON, with a description. */
export function evidenceBody(item: Evidence): EvidenceBody {
  const about = {
    id: evidenceId(item),
    kind: kindOf(item),
    validator: toHex(item.validator),
    key: toHex(item.key),
    view: item.view,
  };
  switch (item.type) {
    case "double-vote": {
      const { sequence, phase } = item;
      const detail = `signed two ${phase.toUpperCase()} votes for different blocks`;
      return { ...about, sequence, phase, detail: `${detail} ${place(sequence, item.view)}` };
    }
    case "double-proposal": {
      const { sequence } = item;
      const detail = `proposed two different blocks ${place(sequence, item.view)}`;
      return { ...about, sequence, detail };
    }
    case "hidden-lock": {
      const { sequence, newView } = item.body;
      const where = place(sequence, item.view);
      const detail = `signed COMMIT ${where}, and did not name that lock when it asked for view ${newView}`;
      return { ...about, sequence, phase: "commit", detail };
    }
    case "false-header": {
      const { sequence } = item.header;
      const { phase } = item;
      const claim = `voted ${phase.toUpperCase()} ${place(sequence, item.view)} for a block`;
      const detail = `${claim} that passes a refuted intent off as proved`;
      return { ...about, sequence, phase, detail };
    }
  }
}

/**
 * Returns the kind of offence that the API names. A false header counts as an invalid verification:
 * for this ledger a header is false only if the block has a false result of a proof.
 */
function kindOf({ type }: Evidence): EvidenceBody["kind"] {
  return type === "false-header" ? "invalid-verification" : type;
}

/** Converts evidence to JSON, with a description and the bytes that anyone can check. */
export function wholeEvidence(item: Evidence): WholeEvidence {
  return { ...evidenceBody(item), ssz: toHex(Evidence.encode(item)) };
}

function place(sequence: number, view: number): string {
  return `at sequence ${sequence}, view ${view}`;
}
