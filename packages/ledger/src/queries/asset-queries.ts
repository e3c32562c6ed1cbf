import { type AssetId, fromHex, toAmount, toAssetId } from "@aethel/models";
import { AssetRecord, Holding } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { Directory } from "./directory.ts";
import type { AssetView, Queries } from "./queries.ts";
import { oneMore } from "./sorted-names.ts";
import type { StateReader } from "./state-reader.ts";

/** Creates the queries about declared assets. */
export function createAssetQueries(
  { read }: StateReader,
  { assets }: Directory,
): Pick<Queries, "holding" | "asset" | "assets" | "assetPage"> {
  const asset = (id: AssetId): AssetView | undefined => {
    const record = read(stateKey.asset(id), AssetRecord);
    return record === undefined ? undefined : viewOf(id, record);
  };
  const assetPage: Queries["assetPage"] = (request) => {
    const found = assets.page(oneMore(request));
    const shown = found.slice(0, request.limit);
    const entries = shown.flatMap(({ id }) => asset(toAssetId(fromHex(id))) ?? []);
    return { entries, next: found.length > shown.length ? shown.at(-1) : undefined };
  };
  return {
    holding: (id, of) => read(stateKey.holding(id, of), Holding)?.amount ?? toAmount(0n),
    asset,
    assets: () => assetPage({ limit: assets.size }).entries,
    assetPage,
  };
}

function viewOf(id: AssetId, { name, issuer, supply }: AssetRecord): AssetView {
  return { id, name: new TextDecoder().decode(name), issuer, supply };
}
