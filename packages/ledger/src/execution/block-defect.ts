import type { BodyDefect } from "@aethel/models";
import type { Refusal } from "../results/refusal.ts";
import type { OpeningDefect } from "./begin-block.ts";

/**
 * Reason for which a block is no valid successor of the head. All honest replicas find the same
 * reason.
 */
export type BlockDefect =
  | { readonly code: "chain" }
  | { readonly code: "sequence"; readonly expected: number; readonly actual: number }
  | { readonly code: "parent" }
  | {
      readonly code: "timestamp";
      readonly earliest: number;
      readonly latest: number;
      readonly actual: number;
    }
  | { readonly code: "body"; readonly defect: BodyDefect }
  /** An item does not decode to a proof. `at`: index of the item. */
  | { readonly code: "item"; readonly at: number; readonly reason: string }
  | OpeningDefect
  | { readonly code: "proof"; readonly at: number; readonly refusal: Refusal }
  /** A field of the header differs from the result of execution. */
  | { readonly code: "header"; readonly field: string };

/** Describes a defect in one line, for logs and refusals. */
export function describeBlockDefect(defect: BlockDefect): string {
  switch (defect.code) {
    case "proof":
      return `proof ${defect.at}: ${defect.refusal.code}: ${defect.refusal.message}`;
    case "item":
      return `item ${defect.at} is no proof: ${defect.reason}`;
    case "evidence":
      return `evidence ${defect.at}: ${defect.defect}`;
    case "parent-certificate":
      return `parent certificate: ${defect.defect}`;
    case "header":
      return `the header's ${defect.field} differs from the result of execution`;
    case "body":
      return `the body does not match the header: ${defect.defect}`;
    case "sequence":
      return `sequence ${defect.actual}, expected ${defect.expected}`;
    case "timestamp":
      return `timestamp ${defect.actual} is not in ${defect.earliest} .. ${defect.latest}`;
    case "chain":
      return "it is of another chain";
    case "parent":
      return "its parent is not the head";
    case "proposer":
      return "the proposer is not in the validator set";
  }
}
