import { UNWATCHED } from "../foreign/index.ts";
import type { DirectPortOf, ForeignCallsOf } from "./direct-port.ts";

/** In browsers and at the edge nobody has descriptors, and every byte of code is downloaded. */
export const directPortOf: DirectPortOf = () => undefined;
export const foreignCallsOf: ForeignCallsOf = () => UNWATCHED;
