import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Context, MiddlewareHandler } from "hono";
import { z } from "zod";
import { respondError } from "./respond.ts";

/** Part of the environment that `@hono/node-server` gives to a request. */
const Incoming = z.object({
  incoming: z.object({ socket: z.object({ remoteAddress: z.string().optional() }) }),
});

/** Returns the IP address at the other end of a request's connection. Undefined if it is unknown. */
export function remoteAddress(context: Context): string | undefined {
  const found = Incoming.safeParse(context.env);
  const address = found.success ? found.data.incoming.socket.remoteAddress : undefined;
  return address?.replace(/^::ffff:(?=\d+\.)/, "");
}

/** Whether an IP address is of this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false;
  return address === "::1" || address.startsWith("127.");
}

/**
 * Lets a request through only if it comes from this machine and has the operator's token, which is
 * in a file that only the operator can read. A web page in a browser on this machine does not have
 * the token, nor does a client behind a proxy on this machine.
 */
export function operatorOnly(token: string): MiddlewareHandler {
  const expected = Buffer.from(`Bearer ${token}`);
  return async (context, next) => {
    const given = Buffer.from(context.req.header("authorization") ?? "");
    const hasToken = given.length === expected.length && timingSafeEqual(given, expected);
    if (hasToken && isLoopback(remoteAddress(context))) return await next();
    const fault = {
      code: "OPERATOR",
      message: "only this node's operator may do this",
      next: "run it on the node's machine, with --data-dir naming the node's directory",
    };
    return respondError(context, fault, 403);
  };
}
