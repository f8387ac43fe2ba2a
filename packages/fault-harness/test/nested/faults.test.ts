import { faultTests } from "../../src/fault-tests.mjs";

await faultTests(new URL("scenarios/", import.meta.url));
