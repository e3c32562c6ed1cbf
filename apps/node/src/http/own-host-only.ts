import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { respondError } from "./respond.ts";

/**
 * Refuses requests whose Host header is neither `localhost` nor an IP address. Otherwise a web page
 * in a browser on this machine could reach the API through a name that resolves to this machine
 * (DNS rebinding).
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
