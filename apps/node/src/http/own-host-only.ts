import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { respondError } from "./respond.ts";

/**
 * Refuses requests whose Host header is a name of somebody else's: a web page in a browser on this
 * machine could otherwise reach the API through a name that it made point here (DNS rebinding).
 */
export const ownHostOnly: MiddlewareHandler = async (context, next) => {
  const host = new URL(context.req.url).hostname.replace(/^\[|\]$/g, "");
  if (host === "localhost" || isIP(host) !== 0) return await next();
  const fault = {
    code: "HOST",
    message: `the API does not answer to the name ${host}`,
    next: "use 127.0.0.1, localhost or the node's address",
  };
  return respondError(context, fault, 403);
};
