import type { SyncRequest } from "@aethel/models";

/**
 * Returns the reason for which no honest peer sends a request. Undefined if one may send it. Refuse
 * such a request before reading anything for it.
 */
export function findRequestDefect(request: SyncRequest): string | undefined {
  switch (request.type) {
    case "items":
      return findPlacesDefect(request.places);
    case "blocks":
    case "headers":
      return request.count === 0 ? `asks for 0 ${request.type}` : undefined;
    case "block":
    case "head":
    case "evidence":
    case "signed-head":
    case "updates":
    case "snapshots":
    case "snapshot-head":
    case "snapshot-chunk":
      return undefined;
  }
}

/**
 * Returns the defect of requested item positions. Each must be named once, and in ascending order.
 * Otherwise an answer could be larger than the block. Undefined if there is none.
 */
function findPlacesDefect(places: readonly number[]): string | undefined {
  if (places.length === 0) return "asks for 0 items";
  const at = places.findIndex((place, index) => index > 0 && place <= (places[index - 1] ?? -1));
  return at < 0 ? undefined : `asks for item ${places[at]} after item ${places[at - 1]}`;
}
