import type { ClientRequest, IncomingMessage } from "node:http";
import { BodyCollector, type ReceivedBody } from "../transport/index.ts";
import { builtin } from "./modules.ts";

type Decode = (bytes: Uint8Array, maxBytes: number, isWhole: boolean) => Promise<Uint8Array>;

type Decompress = "gunzip" | "inflate" | "inflateRaw" | "brotliDecompress";

const zlibDecode =
  (method: Decompress, flush: "Z_SYNC_FLUSH" | "BROTLI_OPERATION_FLUSH"): Decode =>
  (bytes, maxOutputLength, isWhole) => {
    const zlib = builtin("zlib");
    const run = builtin("util").promisify<Uint8Array, object, Uint8Array>(zlib[method]);
    return run(bytes, { maxOutputLength, ...(isWhole ? {} : { finishFlush: zlib.constants[flush] }) });
  };
const fromGzip = zlibDecode("gunzip", "Z_SYNC_FLUSH");
const fromZlib = zlibDecode("inflate", "Z_SYNC_FLUSH");
const fromRaw = zlibDecode("inflateRaw", "Z_SYNC_FLUSH");
const fromBrotli = zlibDecode("brotliDecompress", "BROTLI_OPERATION_FLUSH");

/** Proxies compress what nobody asked them to. */
const DECODERS: Readonly<Record<string, Decode>> = {
  identity: (bytes) => Promise.resolve(bytes),
  gzip: fromGzip,
  "x-gzip": fromGzip,
  br: fromBrotli,
  // Some servers leave the zlib header out.
  deflate: (bytes, maxBytes, isWhole) => ((bytes[0] ?? 0) % 16 === 8 ? fromZlib : fromRaw)(bytes, maxBytes, isWhole),
};

/** Reads the body of a response, decompressed, up to `maxBytes`. Never rejects. */
export function readBody(request: ClientRequest, response: IncomingMessage, maxBytes: number): Promise<ReceivedBody> {
  const { socket } = response;
  const collector = new BodyCollector(maxBytes);
  return new Promise((resolve) => {
    const end = (isWhole: boolean): void => resolve(decoded(response, collector.body(isWhole), maxBytes));
    response.on("data", (chunk: Buffer) => {
      if (!collector.add(chunk)) response.destroy();
    });
    response.on("end", () => {
      // Who answers before the end of a request may never read the rest of it: the connection is of no more use.
      if (!request.writableFinished || socket.writableLength > 0) socket.destroy();
      end(true);
    });
    // Cut off, by us or by the other side. After the end these change nothing.
    response.on("error", () => end(false));
    response.on("close", () => end(false));
  });
}

async function decoded(
  { headers }: IncomingMessage,
  { bytes, isWhole }: ReceivedBody,
  maxBytes: number,
): Promise<ReceivedBody> {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const decode = DECODERS[encoding];
  if (decode === undefined || bytes.length === 0)
    return { bytes: new Uint8Array(), isWhole: isWhole && bytes.length === 0 };
  try {
    return { bytes: await decode(bytes, maxBytes, isWhole), isWhole };
  } catch {
    return { bytes: new Uint8Array(), isWhole: false }; // whoever reads the answer sees that it is not whole
  }
}
