import { adapter } from "./dagstack.mjs";
import { worker } from "./workerd-main.mjs";

export default worker(adapter);
