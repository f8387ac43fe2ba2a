/** How the receiver answers one request. */
export type Answer =
  /** 200: every record is taken. */
  | { readonly kind: "ok" }
  /** This status, nothing taken unless it is below 300. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** 200 with a partial success: the last `rejected` records are refused. The number is sent as it is, absurd or not. */
  | { readonly kind: "partial"; readonly rejected: number | bigint; readonly message?: string }
  /** Reads the request and never answers. */
  | { readonly kind: "hang" }
  /** Answers after a while. */
  | { readonly kind: "slow"; readonly delayMs: number; readonly answer?: Answer }
  /** Answers when the promise resolves; who has hung up by then gets nothing, and nothing is taken. */
  | { readonly kind: "held"; readonly until: Promise<unknown>; readonly answer?: Answer }
  /** Reads the request, then resets the connection (RST). With `taken` it took the records: a retry makes duplicates. */
  | { readonly kind: "reset"; readonly taken?: boolean }
  /** 200 and the records taken, but the body is no OTLP response. */
  | { readonly kind: "malformed" }
  /** 200 and the records taken, with a body of this size. */
  | { readonly kind: "oversized"; readonly bytes: number }
  /** 200 and the records taken; the body is announced and never comes. */
  | { readonly kind: "headersOnly" }
  /** These bytes in place of an HTTP response. */
  | { readonly kind: "raw"; readonly text: string };

/** Whether the records of a request answered like this count as taken in, and how many of `count`. */
export function takenOf(answer: Answer, count: number): number {
  switch (answer.kind) {
    case "ok":
    case "malformed":
    case "oversized":
    case "headersOnly":
      return count;
    case "status":
      return answer.status < 300 ? count : 0;
    case "partial":
      return Math.max(0, count - Math.max(0, Number(answer.rejected)));
    case "reset":
      return answer.taken === true ? count : 0;
    case "slow":
      return takenOf(answer.answer ?? { kind: "ok" }, count);
    default:
      return 0;
  }
}
