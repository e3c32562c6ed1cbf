import { createSigner, sha256, toAccountId } from "@aethel/models";
import type { Person } from "../chain.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

let made = 0;

/** A number that this process has not given out before. */
export function freshNumber(): number {
  made += 1;
  return made;
}

/** Somebody whom no earlier block of this process knew: caches have nothing of them. */
export function freshPerson(): Person {
  const signer = createSigner(sha256(utf8(`costs ${freshNumber()}`)));
  return { id: toAccountId(signer.publicKey), signer };
}
