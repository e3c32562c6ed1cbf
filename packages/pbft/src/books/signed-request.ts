import type { Signature, ViewChangeBody } from "@aethel/models";

/** Signed part of a request for a later view, without the certificates that come with it. */
export interface SignedRequest {
  readonly body: ViewChangeBody;
  readonly signature: Signature;
}
