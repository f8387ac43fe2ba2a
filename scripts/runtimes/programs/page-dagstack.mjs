import { adapter } from "./dagstack.mjs";
import { inPage } from "./page-main.mjs";

inPage(adapter);
