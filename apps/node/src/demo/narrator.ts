import { count, group } from "@aethel/terminal";
import type {
  FinalizedEvent,
  JudgedEvent,
  ReceiptBody,
  RefusedEvent,
  SlashBody,
  ViewChangedEvent,
} from "../api/api.ts";
import { RAISED } from "../api/evidence-body.ts";
import type { LocalNode } from "../localnet/localnet.ts";
import { colour, paintVerdict } from "../terminal/colour.ts";
import { cut, formatMs, formatTokens, short, wrap } from "../terminal/format.ts";
import type { Display } from "./display.ts";

/** Prints events of the network as lines. */
export interface Narrator {
  readonly judged: (event: JudgedEvent) => void;
  readonly finalized: (event: FinalizedEvent) => void;
  readonly viewChanged: (event: ViewChangedEvent) => void;
  readonly slashed: (event: SlashBody) => void;
  readonly lost: (node: LocalNode) => void;
  /** Prints a source that was rejected before judging. */
  readonly rejected: (event: RefusedEvent) => void;
  readonly turnedAway: (title: string, reason: string) => void;
  readonly heading: (text: string) => void;
}

/** Reasons why a view ended, by the cause in event `view-changed`. */
const GIVEN_UP: Readonly<Record<string, string>> = {
  timeout: "the previous leader did not finish in time",
  "no-proposal": "the previous leader proposed nothing in time",
  overdue: "the previous leader's proposal takes longer than usual",
  "refused-proposal": "the previous leader's proposal is refused",
};

const INDENT = " ".repeat(13);

/**
 * Columns that a line needs besides the title, for label, verdict or trust, difficulty, and time.
 */
const BESIDE_TITLE = 57;

/** Creates a narrator; `titleOf` gives the title of a proof by its hash. */
export function createNarrator(display: Display, titleOf: (hash: string) => string): Narrator {
  const line = (label: string, text: string): void => display.line(`  ${label.padEnd(11)}${text}`);
  const detail = (text: string): void => {
    for (const each of wrap(text, display.width - INDENT.length)) {
      display.line(colour.dim(`${INDENT}${each}`));
    }
  };
  const title = (hash: string): string => {
    const width = Math.max(14, Math.min(36, display.width - BESIDE_TITLE));
    return cut(titleOf(hash), width).padEnd(width);
  };
  const outcome = (receipt: ReceiptBody): void => {
    if (receipt.kind !== "invoke") return;
    const fee = `fee ${formatTokens(BigInt(receipt.fee))}`;
    line("executed", `${painted(receipt.outcome, 12)}${title(receipt.hash)} ${colour.dim(fee)}`);
    if (receipt.outcome !== "applied" && receipt.detail !== "") detail(receipt.detail);
  };
  return {
    judged(event) {
      // Calls are not judged: their intent was, when it was published.
      if (event.kind === "invoke") return;
      const work = `difficulty ${group(event.difficulty).padStart(9)}`;
      const time = formatMs(event.ms).padStart(9);
      const facts = `${title(event.hash)} ${work} ${colour.dim(time)}`;
      line("judged", `${verdictOf(event)}${facts}`);
      if (event.reason !== undefined) detail(event.reason);
      for (const each of event.counterexample ?? []) {
        if (event.reason?.includes(each) !== true) detail(each);
      }
    },
    finalized(event) {
      event.proofs.forEach(outcome);
      line("finalized", `${colour.bold(`#${event.sequence}`.padEnd(6))}${blockFacts(event)}`);
    },
    viewChanged({ sequence, view, cause }) {
      line(
        "new leader",
        `#${sequence} goes to view ${view}: ${GIVEN_UP[cause] ?? "other validators ask for it"}`,
      );
    },
    slashed({ validator, amount, evidence }) {
      const lost = `validator ${short(validator)} lost ${formatTokens(BigInt(amount))} of its stake`;
      line("slashed", colour.red(lost));
      for (const each of evidence) detail(`It ${each.detail}.`);
      if (evidence.length === 0) detail(`It ${RAISED}.`);
    },
    lost({ index, pid, exit }) {
      const how = exit?.signal ?? `exit code ${exit?.code}`;
      line("lost", `validator ${index} (process ${pid}) ended: ${how}. The others go on.`);
      if (exit !== undefined && exit.complaint !== "") detail(exit.complaint);
    },
    rejected(event) {
      line("judged", `${painted("rejected", 12)}${titleOf(event.hash)}`);
      detail(event.message);
    },
    turnedAway(title, reason) {
      line("refused", `${colour.red("by mempool".padEnd(12))}${title}`);
      detail(reason);
    },
    heading(text) {
      display.line("");
      display.line(`  ${colour.bold(text)}`);
    },
  };
}

/** Formats a verdict as a column. A valid claim shows its trust instead, such as `certified`. */
function verdictOf({ trust, verdict }: JudgedEvent): string {
  const word = trust === "solver" ? "solver only" : (trust ?? verdict);
  return paintVerdict(verdict, word) + " ".repeat(Math.max(1, 12 - word.length));
}

function blockFacts({ view, proofs, ms, stateRoot }: FinalizedEvent): string {
  const finality = `finality ${formatMs(ms)}`;
  return [
    `view ${view}`,
    count(proofs.length, "proof"),
    finality,
    `state ${short(stateRoot)}`,
  ].join("   ");
}

function painted(word: string, width: number): string {
  return paintVerdict(word) + " ".repeat(Math.max(1, width - word.length));
}
