import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import winston from "winston";
import { flatResource } from "../fields.mjs";
import { activeSpanFields } from "../span.mjs";

const addSpan = winston.format((info) => Object.assign(info, activeSpanFields()));

function start(transport, workload) {
  if (workload.redacts) return undefined; // winston has no redaction
  const { combine, errors, json, timestamp } = winston.format;
  const before = workload.isTraced ? [addSpan()] : [];
  return {
    root: winston.createLogger({
      level: "info",
      defaultMeta: flatResource,
      format: combine(...before, timestamp(), errors({ stack: true }), json()),
      transports: [transport],
    }),
    child: (logger, bound) => logger.child(bound),
    debug: (logger, message, attributes) => logger.debug(message, attributes),
    info: (logger, message, attributes) => logger.info(message, attributes),
    error: (logger, message, error) => logger.error(message, error),
    close: () => {},
  };
}

export const toConsole = ({ workload }) => start(new winston.transports.Console(), workload);

export function toFile({ workload, path }) {
  const transport = new winston.transports.File({ filename: path });
  const peer = start(transport, workload);
  if (peer === undefined) return undefined;
  const waiting = () => peer.root.readableLength + peer.root.writableLength + transport.writableLength;
  const close = async () => {
    // Ended with records in the pipe it throws "write after end".
    while (waiting() > 0) await sleep(5);
    const finished = once(transport, "finish");
    peer.root.end();
    await finished;
  };
  return { ...peer, close };
}
