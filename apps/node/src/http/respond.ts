import { AethelError, NotYetError } from "@aethel/models";
import type { Context, ErrorHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { factsOf, failure, type NodeCode, NodeError, type NodeFault } from "../failure/failure.ts";

/** Body of every answer that is not a success: `{ error: { code, message, next } }`. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly next: string };
}

const STATUS: Partial<Record<NodeCode, ContentfulStatusCode>> = {
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  REFUSED: 422,
};

/** Answers a request whose handler threw. The details of an unexpected error are not shown. */
export const onError: ErrorHandler = (error, context) => {
  if (error instanceof NodeError) {
    return respondError(context, error.fault, STATUS[error.fault.code] ?? 500);
  }
  if (error instanceof NotYetError) {
    const { code, feature } = error.fault;
    const next = "use a later version";
    return respondError(context, { code, message: `${feature} is not implemented yet`, next }, 501);
  }
  if (error instanceof AethelError) {
    const fault = { code: error.fault.code, message: factsOf(error), next: "correct the request" };
    return respondError(context, fault, 400);
  }
  const fault = {
    code: "INTERNAL",
    message: "an unexpected error in the node",
    next: "see the node's log, and report the error",
  };
  return respondError(context, fault, 500);
};

/** Creates the error `NOT_FOUND` for something that this node does not have. */
export function missing(what: string, name: string, next = "ask for one that is final"): NodeError {
  return failure("NOT_FOUND", `this node has no ${what} ${name}`, next);
}

/** Creates an error answer. */
export function respondError(
  context: Context,
  { code, message, next }: Omit<NodeFault, "code"> & { readonly code: string },
  status: ContentfulStatusCode,
): Response {
  const body: ErrorBody = { error: { code, message, next } };
  return context.json(body, status);
}
