import { programsIn } from "@dagstack/fault-harness";

export const start = programsIn(new URL("programs/", import.meta.url));
