import { type Evidence, toHex } from "@aethel/models";

/**
 * Returns the identity of an offence. All evidence of one offence has the same identity, since an
 * offence is punished once.
 */
export function offenceKey(evidence: Evidence): string {
  const who = toHex(evidence.validator);
  switch (evidence.type) {
    case "double-vote":
      return `${evidence.type}/${who}/${evidence.sequence}/${evidence.view}/${evidence.phase}`;
    case "double-proposal":
      return `${evidence.type}/${who}/${evidence.sequence}/${evidence.view}`;
    case "hidden-lock":
      return `${evidence.type}/${who}/${evidence.body.sequence}/${evidence.view}`;
    case "false-header":
      // One false block convicts a voter once, in however many views and phases it voted for it.
      return `${evidence.type}/${who}/${evidence.header.sequence}`;
  }
}
