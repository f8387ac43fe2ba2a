import { hasNodeModules, nodePlatform } from "./node/index.ts";
import type { HttpPlatform } from "./transport/index.ts";
import { webPlatform } from "./web/index.ts";

/** Node's where Node's modules are, however the program was bundled. */
export const platform: HttpPlatform = hasNodeModules() ? nodePlatform : webPlatform;
