import type { Use } from "../../store/types";

export const USES: readonly Use[] = ["owner", "rented", "vacant", "shop", "dormitory", "shed", "unallocated", "unknown"];
