import { adapter } from "./dagstack.mjs";
import { register } from "./test-main.mjs";

register(adapter);
