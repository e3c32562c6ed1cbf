import type { Lab } from "../lab/lab.ts";
import type { Percentiles } from "../report/figures.ts";
import type { Conditions } from "../wires/conditions.ts";

/** Case of the lab: conditions, and what happens under them. */
export interface Case {
  readonly name: string;
  /** Description of the case for the report. */
  readonly title: string;
  /** Conditions under which the nodes start. */
  readonly conditions: Conditions;
  run(lab: Lab): Promise<CaseFigures>;
}

/** Duration that a case has measured. Undefined if it did not end within its bound. */
export interface Duration {
  readonly name: string;
  readonly ms: number | undefined;
}

/** Figures of the load of a case. */
export interface LoadFigures {
  /** From sending a proof until the client's own node has it in a final block. */
  readonly finality: Percentiles | undefined;
  readonly sent: number;
  /** Proofs that were not final when the case ended. */
  readonly unfinished: number;
  /** Bytes of IP packets between all hosts for each final proof. */
  readonly bytesPerProof: number | undefined;
}

/** Figures that a case has measured. */
export interface CaseFigures {
  readonly load?: LoadFigures;
  readonly durations: readonly Duration[];
  /** Faults of the chain or the lab that the case has found. */
  readonly faults: readonly string[];
}
