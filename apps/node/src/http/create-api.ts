import { Hono } from "hono";
import { addChainRoutes } from "./chain-routes.ts";
import { addContractRoutes } from "./contract-routes.ts";
import { addEventRoutes } from "./events.ts";
import { addFeeRoutes } from "./fee-routes.ts";
import { addMetricsRoutes } from "./metrics-routes.ts";
import type { NodeView } from "./node-view.ts";
import { ownHostOnly } from "./own-host-only.ts";
import { addPeerRoutes } from "./peer-routes.ts";
import { addProofRoutes } from "./proof-routes.ts";
import { onError, respondError } from "./respond.ts";
import { addValidatorRoutes } from "./validator-routes.ts";

/** Creates the HTTP API of a node. */
export function createApi(node: NodeView): Hono {
  const app = new Hono();
  app.onError(onError);
  app.notFound((context) => {
    const { path } = context.req;
    const next = "see the README of apps/node for the routes";
    return respondError(context, { code: "ROUTE", message: `there is no ${path}`, next }, 404);
  });
  app.use(ownHostOnly);
  addChainRoutes(app, node);
  addContractRoutes(app, node);
  addProofRoutes(app, node);
  addFeeRoutes(app, node);
  addValidatorRoutes(app, node);
  addEventRoutes(app, node.events);
  addMetricsRoutes(app, node);
  addPeerRoutes(app, node);
  return app;
}
