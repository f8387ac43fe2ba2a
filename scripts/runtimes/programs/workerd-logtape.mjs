import { adapter } from "./logtape.mjs";
import { worker } from "./workerd-main.mjs";

export default worker(adapter);
