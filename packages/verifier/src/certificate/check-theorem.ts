import { certify } from "../kernel/index.ts";
import { screenScript } from "../theorem/screen.ts";
import { toObligation } from "../theorem/translation/to-obligation.ts";
import { decodeCertificate } from "./container.ts";
import { describeRefusal } from "./describe-refusal.ts";
import { decodeEntry } from "./entry.ts";

/** Result of checking the certificate of a theorem. */
export type TheoremCheck =
  /**
   * Success: the kernel accepts that the assertions contradict each other. `work` is the number of
   * units that it counted.
   */
  | { readonly type: "certified"; readonly work: number }
  | { readonly type: "failed"; readonly reason: string }
  /** Script that the screen (`screenScript`) refuses. */
  | { readonly type: "rejected"; readonly code: string; readonly message: string };

/**
 * Checks the certificate of an SMT-LIB script that is claimed to be unsatisfiable, without a
 * solver. Screens the script, translates its assertions into terms, and lets the kernel check that
 * they contradict each other. A pure function that gives an answer for any bytes.
 */
export function checkTheoremCertificate(script: Uint8Array, certificate: Uint8Array): TheoremCheck {
  const screening = screenScript(script);
  if (screening.type === "refused") {
    const { code, message } = screening.fault;
    return { type: "rejected", code, message };
  }
  const claim = toObligation(screening.typed);
  if (claim === undefined) return failed("the script is not in the fragment that can be certified");
  const [row, ...others] = decodeCertificate(certificate) ?? [];
  const [bytes, ...rest] = row ?? [];
  if (bytes === undefined || rest.length + others.length > 0) {
    return failed("these bytes are no certificate of one claim");
  }
  const entry = decodeEntry(bytes);
  if (entry?.type !== "proof") return failed("the entry is not a proof");
  const answer = certify(claim, entry.proof);
  switch (answer.type) {
    case "certified":
      return { type: "certified", work: answer.work };
    case "refused":
      return failed(describeRefusal(answer));
    case "exhausted":
      return failed(`the kernel's limit of ${answer.limit} is reached`);
  }
}

function failed(reason: string): TheoremCheck {
  return { type: "failed", reason };
}
