import { toSequence } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newViews } from "../../src/arbitraries/view-changes.ts";
import { createReProposalChecker } from "../../src/checkers/re-proposals.ts";

test("re-proposals: a node that refuses what an honest leader re-proposes in that view is found", () => {
  fc.assert(
    fc.property(newViews(), fc.constantFrom(-1, 0, 1), (newView, off) => {
      const checker = createReProposalChecker();
      const { sequence, view } = newView.proposal;
      const refused = { type: "refused", node: 2, sequence, view } as const;
      const message = { type: "new-view", ...newView } as const;
      const isReProposal = newView.prepareCertificate !== undefined;

      expect(checker.observe(refused)).toBeUndefined();
      expect(checker.observe({ type: "said", node: 1, message })).toBeUndefined();
      const found = checker.observe({ ...refused, view: view + off });

      // A new block may be refused, and so may what others propose in other views.
      if (isReProposal && off === 0) expect(found).toContain("node 2 refused at sequence");
      else expect(found).toBeUndefined();
      const later = toSequence(sequence + 1);
      expect(checker.observe({ ...refused, sequence: later })).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
