import { type Claim, certify } from "../kernel/index.ts";
import { defaultLimits, findCertificate } from "../prover/index.ts";

/** Functions with which the Judge searches for a certificate and checks the one that was found. */
export interface Certifier {
  /** Searches for a certificate with at most `stepsMax` steps. */
  readonly find: (claim: Claim, stepsMax: number) => ReturnType<typeof findCertificate>;
  readonly certify: (claim: Claim, proof: Uint8Array) => ReturnType<typeof certify>;
}

/** Prover and kernel with the limits that verdicts depend on. */
export const certifier: Certifier = {
  find: (claim, stepsMax) =>
    findCertificate(claim, {
      ...defaultLimits,
      stepsMax: Math.min(stepsMax, defaultLimits.stepsMax),
    }),
  certify: (claim, proof) => certify(claim, proof),
};

/** Result of searching for a proof of a claim. */
export type Proof =
  | {
      readonly type: "certified";
      readonly proof: Uint8Array;
      readonly steps: number;
      /** Units of work that the kernel counted. */
      readonly work: number;
    }
  | { readonly type: "uncertified"; readonly reason: string; readonly steps: number };

/** Searches for a proof of a claim with at most `stepsMax` steps, and lets the kernel check it. */
export function proveClaim(using: Certifier, claim: Claim, stepsMax: number): Proof {
  if (stepsMax < 1)
    return { type: "uncertified", reason: "no certificate was found (steps)", steps: 0 };
  const found = using.find(claim, stepsMax);
  const { steps } = found;
  if (found.type === "none") {
    return { type: "uncertified", reason: `no certificate was found (${found.reason})`, steps };
  }
  const checked = using.certify(claim, found.certificate);
  if (checked.type === "certified") {
    return { type: "certified", proof: found.certificate, steps, work: checked.work };
  }
  const why =
    checked.type === "refused" ? `refuses: ${checked.reason}` : `reaches its ${checked.limit}`;
  return { type: "uncertified", reason: `the kernel ${why}`, steps };
}
