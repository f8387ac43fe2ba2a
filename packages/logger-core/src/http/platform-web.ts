import type { HttpPlatform } from "./transport/index.ts";
import { webPlatform } from "./web/index.ts";

/** Browsers, workers and the edge, where every byte of code is downloaded. */
export const platform: HttpPlatform = webPlatform;
