import type { ContractClaim } from "./claim-terms.ts";
import { exchange, fees, shares } from "./exchange-claims.ts";
import { algebra, loans, splits, vesting } from "./finance-claims.ts";

const all = [exchange(), shares(), fees(), vesting(), loans(), splits(), algebra()];

export const trueClaims: readonly ContractClaim[] = all.flatMap(({ right }) => right);
export const falseClaims: readonly ContractClaim[] = all.flatMap(({ wrong }) => wrong);
