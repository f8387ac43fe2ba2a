export { TcpSink, type TcpSinkOptions } from "./tcp-sink.ts";
