// What is hard to show: wide and right-to-left letters, long texts, deep values, errors of several kinds, hostile text.

export async function run(log) {
  log("shop", "info", "注文が完了しました 🎉", { 顧客: "田中さん", "order.id": 42 });
  log("shop", "info", "ההזמנה התקבלה", { "order.id": 42, customer: "דוד לוי", total: 99.9 });
  log("shop", "info", "hostile \u001b[2J\u202etext\nshop INFO forged line", { "a\nb": "\u001b]0;title\u0007" });
  log("shop.import", "warn", "row refused", { row: 17, payload: "lorem ipsum dolor sit amet ".repeat(8000) });
  log("shop.import", "debug", "parsed", {
    options: {
      mode: "strict",
      limits: { rows: 100_000, bytes: 1e9, columns: ["sku", "title", "price", "currency", "stock"] },
      deep: { a: { b: { c: { d: [1, [2, [3]]] } } } },
    },
    ids: Array.from({ length: 60 }, (_, index) => index * 7919),
  });
  const failures = ["EU", "US"].map((region) => Object.assign(new TypeError(`${region} refused`), { region }));
  log("shop.sync", "error", "no region could be reached", {}, new AggregateError(failures, "2 regions failed"));
  log(
    "shop.a-rather-long-logger-name.of.some.module",
    "info",
    "a message that is long enough to be wrapped between its words when the terminal has no more room for it",
    { at: "the end" },
  );
}
