import { createSigner, sha256, signableVote, toSignature, toView } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCountingVerify } from "../src/inbox/counting-verify.ts";
import { createRememberingVerify } from "../src/inbox/remembering-verify.ts";
import { GENESIS } from "./keys.ts";

const signers = [1, 2].map((seed) => createSigner(new Uint8Array(32).fill(seed)));

test("what was verified once holds again without a check, and nothing else does", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 63 }),
      fc.nat({ max: 3 }),
      fc.integer({ min: 1, max: 255 }),
      (at, view, flip) => {
        let checks = 0;
        const real = createRememberingVerify();
        const verify = createRememberingVerify((...signed) => {
          checks += 1;
          return real(...signed);
        });
        const [signer, other] = signers;
        if (signer === undefined || other === undefined) throw new Error("there are two");
        const body = { sequence: 1 as never, view: toView(view), digest: sha256(GENESIS) };
        const object = signableVote("commit", GENESIS, body);
        const signature = signer.sign(object);
        const damaged = toSignature(signature.with(at, (signature[at] ?? 0) ^ flip));
        const elsewhere = signableVote("commit", GENESIS, { ...body, view: toView(view + 1) });

        expect(verify(signer.publicKey, object, signature)).toBe(true);
        expect(verify(signer.publicKey, object, signature)).toBe(true);
        expect(checks).toBe(1);
        expect(verify(signer.publicKey, object, damaged)).toBe(false);
        expect(verify(signer.publicKey, object, damaged)).toBe(false);
        expect(verify(other.publicKey, object, signature)).toBe(false);
        expect(verify(signer.publicKey, elsewhere, signature)).toBe(false);
        expect(checks).toBe(5);
        expect(verify.verifications()).toBe(5);

        // A replica that shares it is charged for what it verifies itself.
        const counting = createCountingVerify(verify);
        expect(counting.verify(signer.publicKey, object, toSignature(signature.slice()))).toBe(
          true,
        );
        expect(counting.count()).toBe(5);
        expect(counting.verify(signer.publicKey, object, damaged)).toBe(false);
        expect(counting.count()).toBe(6);
      },
    ),
    { numRuns: 100 },
  );
});
