import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireFormatError } from "../../src/options/errors.ts";
import { parseOtlpProtobuf, testRecord } from "../../src/testing/index.ts";
import { toOtlpProtobuf } from "../../src/wire/index.ts";
import { ProtobufWriter } from "../../src/wire/otlp/protobuf-writer.ts";
import { record } from "./arbitraries.ts";
import { goldens } from "./goldens.ts";

/** The member that the refusal of a request names, or "read" when it is not refused. */
function refusal(bytes: Uint8Array): string {
  try {
    parseOtlpProtobuf(bytes);
    return "read";
  } catch (error) {
    if (error instanceof WireFormatError) return error.member;
    throw error;
  }
}

type Fill = (writer: ProtobufWriter) => void;

function message(writer: ProtobufWriter, field: number, fill: Fill): void {
  const mark = writer.begin(field);
  fill(writer);
  writer.end(mark);
}

const scopeA: Fill = (writer) => writer.string(1, "a");
const info: Fill = (writer) => {
  writer.uint32(2, 9);
  writer.string(3, "INFO");
};

/** A request with one record of these fields. */
function request(fillRecord: Fill, fillScope: Fill = scopeA): Uint8Array {
  const writer = new ProtobufWriter();
  message(writer, 1, (resourceLogs) =>
    message(resourceLogs, 2, (scopeLogs) => {
      message(scopeLogs, 1, fillScope);
      message(scopeLogs, 2, fillRecord);
    }),
  );
  return writer.finish();
}

/** A request with one record whose body is this AnyValue. */
function withBody(fill: Fill): Uint8Array {
  return request((writer) => {
    info(writer);
    message(writer, 5, fill);
  });
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

describe("§1.7 reading OTLP protobuf", () => {
  for (const [name, request, member] of [
    ["a field with number 0", bytes("00"), "protobuf"],
    ["a group, which OTLP does not use", bytes("0b0c"), "protobuf"],
    ["a varint without an end", bytes("80"), "protobuf"],
    ["a varint of eleven bytes", bytes("08ffffffffffffffffffff01"), "protobuf"],
    ["a length beyond the end", bytes("0a05"), "protobuf"],
    ["an enormous length", bytes("0affffffffffffffffff01"), "protobuf"],
    ["a fixed64 cut short", bytes("0900"), "protobuf"],
    ["a fixed32 cut short", bytes("0d00"), "protobuf"],
    ["a message that is a varint", bytes("0801"), "protobuf"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(refusal(request)).toBe(member);
    });
  }

  for (const [name, bytes, member] of [
    ["a scope without a name", request(info, () => {}), "scope"],
    ["no severity", request(() => {}), "severity_number"],
    ["a severity text of another range", request((w) => [w.uint32(2, 9), w.string(3, "WARN")]), "severity_text"],
    ["a trace id of 15 bytes", request((w) => [info(w), w.hex(9, "01".repeat(15))]), "trace_id"],
    ["a span without a trace", request((w) => [info(w), w.hex(10, "b7ad6b7169203331")]), "span_id"],
    ["flags without a trace", request((w) => [info(w), w.fixed32(8, 1)]), "flags"],
    ["a time that is a varint", request((w) => [info(w), w.uint32(1, 1)]), "protobuf"],
    ["text that is not UTF-8", withBody((w) => w.hex(1, "ff")), "protobuf"],
    ["a double that is not finite", withBody((w) => w.double(4, Number.NaN)), "protobuf"],
    ["byte values", withBody((w) => w.hex(7, "00")), "protobuf"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(refusal(bytes)).toBe(member);
    });
  }

  it("refuses a key that is there twice", () => {
    const keyed = (w: ProtobufWriter): void => message(w, 6, (entry) => entry.string(1, "k"));
    expect(refusal(request((w) => [info(w), keyed(w), keyed(w)]))).toBe("duplicate");
  });

  it("reads 256 levels of values and refuses more, without exhausting the stack", () => {
    const nested = (depth: number): Fill =>
      depth === 0 ? () => {} : (w) => message(w, 5, (list) => message(list, 1, nested(depth - 1)));
    expect(refusal(withBody(nested(256)))).toBe("read");
    expect(refusal(withBody(nested(257)))).toBe("protobuf");
    expect(refusal(withBody(nested(1_000)))).toBe("protobuf");
  });

  it("skips unknown fields of every wire type", () => {
    const unknown: Fill = (w) => [w.uint32(99, 1), w.double(100, 1), w.string(101, "x"), w.fixed32(102, 1), info(w)];
    expect(refusal(request(unknown))).toBe("read");
    expect(parseOtlpProtobuf(withBody((w) => [w.string(1, "x"), w.string(9, "y")]))[0]?.body).toBe("x");
  });

  it("takes the last of a field that is there twice, as protobuf does", () => {
    const request = withBody((w) => [w.string(1, "x"), w.int64(3, 5)]);
    expect(parseOtlpProtobuf(request)[0]?.body).toBe(5);
  });

  it("takes the low eight bits of flags", () => {
    const flagged = request((w) => [info(w), w.fixed32(8, 0x301), w.hex(9, "01".repeat(16))]);
    expect(parseOtlpProtobuf(flagged)[0]?.traceFlags).toBe(1);
  });

  it("keeps a byte order mark that is data", () => {
    expect(parseOtlpProtobuf(toOtlpProtobuf([testRecord({ body: "\ufeffx" })]))[0]?.body).toBe("\ufeffx");
  });

  it("reads a view into a larger buffer", () => {
    const whole = toOtlpProtobuf([testRecord({ timeUnixNano: 7n })]);
    const larger = new Uint8Array(whole.length + 10);
    larger.set(whole, 5);
    expect(parseOtlpProtobuf(larger.subarray(5, 5 + whole.length))[0]?.timeUnixNano).toBe(7n);
  });

  it("refuses a request cut short anywhere", () => {
    fc.assert(
      fc.property(record, fc.nat(), (one, cut) => {
        const whole = toOtlpProtobuf([one]);
        const length = 1 + (cut % (whole.length - 1));
        expect(refusal(whole.subarray(0, length))).toBe("protobuf");
      }),
    );
  });

  it("refuses changed bytes with a WireFormatError, or reads them and then writes them stably", () => {
    const requests = goldens.map(({ expected }) => bytes(expected.otlp_protobuf_hex));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...requests), changes, (original, edits) => {
        const changed = original.slice();
        for (const [at, byte] of edits) changed[at % changed.length] = byte;
        if (refusal(changed) !== "read") return;
        const rewritten = toOtlpProtobuf(parseOtlpProtobuf(changed));
        expect(toOtlpProtobuf(parseOtlpProtobuf(rewritten))).toEqual(rewritten);
      }),
      { numRuns: 3_000 },
    );
  });
});
