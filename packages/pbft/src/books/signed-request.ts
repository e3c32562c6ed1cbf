import type { Signature, ViewChangeBody } from "@aethel/models";

/** A request for a later view, as far as it is signed. */
export interface SignedRequest {
  readonly body: ViewChangeBody;
  readonly signature: Signature;
}
