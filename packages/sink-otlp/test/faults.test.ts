import { faultTests } from "@dagstack/fault-harness/vitest";

await faultTests(new URL("faults/scenarios/", import.meta.url));
