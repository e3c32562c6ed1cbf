import { toHex } from "@aethel/models";
import { beforeAll, describe, expect, test } from "vitest";
import { standardIntents } from "../../src/index.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { imagesKey } from "../../src/z3/installed/binary.ts";
import { createSolverInstance, makeImages } from "../../src/z3/installed/instance.ts";
import {
  decodeImages,
  encodeImages,
  type StoredImages,
} from "../../src/z3/memory/stored-images.ts";
import { payloadOf, theorem } from "../judge/fixtures.ts";

const key = imagesKey();
let images: StoredImages;
let file: Uint8Array;
beforeAll(async () => {
  images = await makeImages();
  file = encodeImages(images, key);
});

describe("images that the build stores", () => {
  test("they are small, and read back as they were", () => {
    expect(file.length).toBeLessThan(2 ** 20);
    expect(decodeImages(file, key)).toEqual(images);
  });

  test("they are made the same every time", async () => {
    expect(encodeImages(await makeImages(), key)).toEqual(file);
  });

  test("a solver started from them judges as one that warmed up: verdict, resource, model", async () => {
    const warm = await createSolverInstance();
    const ready = await createSolverInstance(undefined, Promise.resolve(decodeImages(file, key)));
    const payloads = [
      theorem(
        "(declare-const x Int)(declare-const y Int)(assert (= (* x y) (+ (* x x) 7)))(check-sat)",
      ),
      theorem("(declare-const v (_ BitVec 16))(assert (= (bvmul v v) #x0007))(check-sat)"),
      theorem(
        "(declare-sort S 0)(declare-fun f (S) S)(declare-const s S)(assert (forall ((x S)) (= (f (f x)) x)))(assert (not (= (f (f s)) s)))(check-sat)",
      ),
      payloadOf("packages/verifier/library/attacks/transfer.ae"),
      ...standardIntents().map(({ source, privileged }) => {
        return { type: "publish", source: new TextEncoder().encode(source), privileged } as const;
      }),
    ];

    for (const purpose of ["formula", "script"] as const) {
      expect(toHex(ready.image(purpose).digest())).toBe(toHex(warm.image(purpose).digest()));
    }
    for (const payload of payloads.toReversed()) {
      expect(judgePayload(ready, payload, 1e6)).toEqual(judgePayload(warm, payload, 1e6));
    }
  });

  test("a file for another key, cut short, or with any byte changed is not used", () => {
    expect(decodeImages(file, key.with(0, (key[0] ?? 0) ^ 1))).toBeUndefined();
    for (const length of [0, 31, 32, 64, 67, 68, 1_000, file.length - 1]) {
      expect(decodeImages(file.slice(0, length), key)).toBeUndefined();
    }
    for (let at = 0; at < file.length; at = 2 * at + 1) {
      expect(decodeImages(file.with(at, (file[at] ?? 0) ^ 0x40), key)).toBeUndefined();
    }
  });
});
