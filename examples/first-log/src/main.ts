import { configure, Logger } from "@dagstack/logger";

await using logging = configure({ level: "debug", resource: { "service.name": "first-log" } });

const log = Logger.get("shop.checkout", "1.0.0");
log.info("order placed", { "order.id": 42, stripe_api_key: "sk_live_secret" });
log.child({ "user.id": "u1" }).exception(new Error("card declined"));

const { success } = await logging.flush(1_000);
log.debug("flushed", { success });
