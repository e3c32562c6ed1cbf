import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { failure, type NodeError } from "../failure/failure.ts";

/**
 * Refuses requests whose body has more than `bytes` bytes. `than`: end of the message `the body is
 * larger than ...`.
 */
export function limitBody(bytes: number, than: string): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw failure("TOO_LARGE", `the body is larger than ${than}`, `send at most ${bytes} bytes`);
    },
  });
}

/** Returns the media type of the body, without parameters. Undefined if the request names none. */
export function contentTypeOf(context: Context): string | undefined {
  return context.req.header("content-type")?.split(";")[0]?.trim();
}

/** Returns the error for a media type that a route does not accept. */
export function unread(type: string | undefined, next: string): NodeError {
  const fact =
    type === undefined
      ? "the request has no content type"
      : `the content type ${type} is not accepted`;
  return failure("BAD_REQUEST", fact, next);
}

export async function readBytes(context: Context): Promise<Uint8Array> {
  return new Uint8Array(await context.req.arrayBuffer());
}
