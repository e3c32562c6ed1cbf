import { describe, expect, it } from "vitest";
import { certify } from "../../src/kernel/index.ts";
import { findCertificate } from "../../src/prover/index.ts";
import { falseClaims, trueClaims } from "./contract-claims.ts";

describe("Obligations of contracts with products and quotients", () => {
  for (const claim of trueClaims) {
    it(`is certified: ${claim.title}`, () => {
      const found = findCertificate(claim);

      if (found.type === "none") throw new Error(`none: ${found.reason}`);
      expect(certify(claim, found.certificate)).toMatchObject({ type: "certified" });
    });
  }

  for (const claim of falseClaims) {
    it(`has no certificate: ${claim.title}`, () => {
      expect(findCertificate(claim).type).toBe("none");
    });
  }

  it("gives the same bytes again", () => {
    const bytes = (): readonly unknown[] => trueClaims.map((claim) => findCertificate(claim));

    expect(bytes()).toEqual(bytes());
  });
});
