import { describe, expect, test } from "vitest";
import type { QuoteBody } from "../src/api/fee-api.ts";
import { describeQuote } from "../src/commands/quote.ts";

const judged: QuoteBody = {
  lane: "judged",
  baseFee: "10000",
  weight: "655000",
  feeLimit: "12000000",
  charge: { expected: "30000", most: "10000000" },
};
const call: QuoteBody = { ...judged, lane: "invoke" };

describe("a quote on the command line", () => {
  test("of what goes to the Judge says what is expected beside the limit, and that it is a guess", () => {
    const text = describeQuote(judged);
    expect(text).toContain("fee limit  12; what is not charged");
    expect(text).toContain(
      "expected   0.03 at this base fee, estimated from its length, at most 10",
    );
  });

  test("of a call says what its run came to, or why it was not run", () => {
    const parts = {
      charged: "30000",
      burned: "20000",
      tip: "0",
      detail: "",
      losses: [],
      deposit: "0",
    };
    const run = { type: "run", outcome: "applied", units: 300, ...parts } as const;
    expect(describeQuote({ ...call, run })).toContain("now        applied, 300 units, 0.03");
    const notRun = (reason: "not-compiled" | "long"): string =>
      describeQuote({ ...call, run: { type: "not-run", reason } });
    expect(notRun("long")).toContain("more than 50,000 units");
    expect(notRun("not-compiled")).toContain("was not called on this node recently");
    expect(describeQuote(call)).not.toContain("usual claim");
  });
});
