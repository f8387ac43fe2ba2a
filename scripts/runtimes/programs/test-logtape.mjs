import { adapter } from "./logtape.mjs";
import { register } from "./test-main.mjs";

register(adapter);
