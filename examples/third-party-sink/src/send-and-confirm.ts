/** One batch over one connection, and how we know that it was read. */
import { connect, type Socket } from "node:net";
import { DeliveryError } from "@dagstack/logger-core/delivery";

/** Where to, and how long it may take. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/**
 * Sends the text, ends our side of the connection and resolves when the server has ended its own. TCP has no
 * acknowledgement that a program could see; a server that reads to the end and then closes comes closest. One that
 * dies, or closes with something unread, makes its kernel answer with a reset, and that rejects.
 *
 * @throws DeliveryError for a connection that is lost, closed too early or too slow; another error for none at all.
 */
export async function sendAndConfirm(text: string, to: Destination, signal: AbortSignal): Promise<void> {
  const socket = connect({ host: to.host, port: to.port, allowHalfOpen: true, signal });
  const timer = setTimeout(
    () => socket.destroy(new DeliveryError(`the server did not read and close within ${to.timeoutMs} ms`)),
    to.timeoutMs,
  );
  try {
    await sentAndClosed(socket, text);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function sentAndClosed(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(new DeliveryError("the connection was lost before the server had closed it")));
    socket.on("end", () => {
      if (socket.writableFinished) resolve();
      else reject(new DeliveryError("the server closed the connection before it had everything"));
    });
    socket.resume(); // what the server says is not for us, but its end comes after it
    socket.end(text);
  });
}
