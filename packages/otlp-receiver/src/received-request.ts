import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import type { LogsFormat, ReceivedRecord } from "./decode-logs.ts";

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly format: LogsFormat;
  /** The size on the wire, compressed if it came compressed. */
  readonly wireBytes: number;
  /** The body, decompressed. */
  readonly body: Uint8Array;
  /** When its head arrived, milliseconds from the receiver's start. */
  readonly atMs: number;
  /** The TCP port it came from: the same for requests that share a connection. */
  readonly clientPort: number;
  /** How it was answered. */
  readonly answer: Answer;
  /** All its records, decoded at the first call. @throws Error when the payload is not valid OTLP. */
  records(): readonly ReceivedRecord[];
}
