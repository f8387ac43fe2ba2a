import { adapter } from "./logtape.mjs";
import { inPage } from "./page-main.mjs";

inPage(adapter);
