import type { OpenDirectPort } from "./direct-port.ts";

/** In browsers and at the edge nobody has descriptors, and every byte of code is downloaded. */
export const openDirectPort: OpenDirectPort = () => undefined;
