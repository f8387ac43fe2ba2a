/**
 * Records that wait as the bytes they will be sent as (§1.7): encoded when they are emitted, copied one after the other
 * into chunks of memory, and framed as one request when their batch is cut. So a record that waits costs little more
 * than its bytes, and a batch is mostly one copy.
 */

/** A record that waits: where its `LogRecord` field is, and what it belongs to. */
export interface PackedRecord {
  readonly chunk: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly origin: Origin;
}

/** What most records have in common. */
export interface Origin {
  /** The field of the resource; empty for none. */
  readonly resource: Field;
  /** The field of the scope. */
  readonly scope: Field;
}

const WORD_BYTES = 4;

/** Bytes that each record is compared with, four at a time. */
export class Field {
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const count = Math.floor(bytes.length / WORD_BYTES);
    this.#words = Int32Array.from({ length: count }, (_, at) => view.getInt32(at * WORD_BYTES, true));
  }

  /** Whether the same bytes are in `view` from `start` to `end`. */
  isAt(view: DataView, start: number, end: number): boolean {
    const { bytes } = this;
    const words = this.#words;
    if (bytes.length !== end - start) return false;
    for (let index = 0; index < words.length; index++) {
      if (view.getInt32(start + index * WORD_BYTES, true) !== words[index]) return false;
    }
    for (let at = words.length * WORD_BYTES; at < bytes.length; at++) {
      if (view.getUint8(start + at) !== bytes[at]) return false;
    }
    return true;
  }

  isSame({ bytes }: Field): boolean {
    return bytes === this.bytes || this.isAt(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);
  }
}

/** A chunk is given back when the last of its records has left. */
const CHUNK_BYTES = 65_536;
/** The object of a record and its places in the queue. */
const HANDLE_BYTES = 80;
/** So many origins are known at a time. */
const MAX_ORIGINS = 16;

/** `resource_logs` of a request and `resource` within them, `scope` within scope logs. */
const FIELD_1 = 0x0a;
/** `scope_logs` within resource logs, `log_records` within scope logs. */
const FIELD_2 = 0x12;

/** What a record costs while it waits, bytes. */
export function packedSize({ start, end }: PackedRecord): number {
  return end - start + HANDLE_BYTES;
}

/** Takes records out of their requests. */
export class RecordPacker {
  #chunk = new Uint8Array(0);
  #used = 0;
  /** Of the memory that the last request lay in: encoders use the same again and again. */
  #view: DataView = new DataView(this.#chunk.buffer);
  /** Those last seen, the last one first. */
  #origins: Origin[] = [];

  /** @param request as `toOtlpProtobuf` encodes one record; it is copied. @throws TypeError for anything else. */
  pack(request: Uint8Array): PackedRecord {
    const resource = skipLength(request, expectTag(request, 0, FIELD_1));
    const afterResource = request[resource] === FIELD_1 ? skipField(request, resource) : resource;
    const scope = skipLength(request, expectTag(request, afterResource, FIELD_2));
    const record = skipField(request, expectTag(request, scope, FIELD_1) - 1);
    const end = skipField(request, expectTag(request, record, FIELD_2) - 1);
    if (end !== request.length) throw notOneRecord();
    const origin = this.#originOf(request, resource, afterResource, scope, record);
    const size = end - record;
    if (this.#used + size > this.#chunk.length) {
      this.#chunk = new Uint8Array(Math.max(size, CHUNK_BYTES));
      this.#used = 0;
    }
    const start = this.#used;
    this.#chunk.set(request.subarray(record), start);
    this.#used = start + size;
    return { chunk: this.#chunk, start, end: this.#used, origin };
  }

  #originOf(request: Uint8Array, resource: number, afterResource: number, scope: number, afterScope: number): Origin {
    const { buffer, byteOffset } = request;
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    const view = this.#view;
    for (const origin of this.#origins) {
      if (
        origin.scope.isAt(view, byteOffset + scope, byteOffset + afterScope) &&
        origin.resource.isAt(view, byteOffset + resource, byteOffset + afterResource)
      ) {
        return origin;
      }
    }
    const origin = {
      resource: new Field(request.slice(resource, afterResource)),
      scope: new Field(request.slice(scope, afterScope)),
    };
    this.#origins = [origin, ...this.#origins.slice(0, MAX_ORIGINS - 1)];
    return origin;
  }
}

/** One request for all of them, grouped by resource, then scope, in order of first appearance (§1.6). */
export function requestOf(records: readonly PackedRecord[]): Uint8Array {
  const resources = groupsOf(records);
  let size = 0;
  for (const group of resources) size += fieldSize(group.size);
  const request = new Uint8Array(size);
  let at = 0;
  for (const { resource, size: resourceSize, scopes } of resources) {
    at = writeHead(request, at, FIELD_1, resourceSize);
    request.set(resource.bytes, at);
    at += resource.bytes.length;
    for (const { scope, size: scopeSize, records: members } of scopes) {
      at = writeHead(request, at, FIELD_2, scopeSize);
      request.set(scope.bytes, at);
      at = copyRecords(members, request, at + scope.bytes.length);
    }
  }
  return request;
}

/** The records of one scope within one resource; `size` is that of their fields. */
export interface ScopeGroup {
  readonly scope: Field;
  readonly records: PackedRecord[];
  size: number;
}

/** The records of one resource; `size` is that of all in it. */
export interface ResourceGroup {
  readonly resource: Field;
  readonly scopes: ScopeGroup[];
  size: number;
}

/** By resource, then scope, both by content and in order of first appearance (§1.6). */
export function groupsOf(records: readonly PackedRecord[]): ResourceGroup[] {
  const groups: ResourceGroup[] = [];
  const known = new Map<Origin, ScopeGroup>();
  let origin: Origin | undefined;
  let group: ScopeGroup | undefined;
  for (const record of records) {
    if (record.origin !== origin || group === undefined) {
      origin = record.origin;
      group = known.get(origin) ?? groupOf(groups, origin);
      known.set(origin, group);
    }
    group.records.push(record);
    group.size += record.end - record.start;
  }
  for (const resource of groups) for (const { size } of resource.scopes) resource.size += fieldSize(size);
  return groups;
}

/** The group with the same content, or a new one. */
function groupOf(groups: ResourceGroup[], { resource, scope }: Origin): ScopeGroup {
  let inResource = groups.find((group) => group.resource.isSame(resource));
  if (inResource === undefined) {
    inResource = { resource, scopes: [], size: resource.bytes.length };
    groups.push(inResource);
  }
  let inScope = inResource.scopes.find((group) => group.scope.isSame(scope));
  if (inScope === undefined) {
    inScope = { scope, records: [], size: scope.bytes.length };
    inResource.scopes.push(inScope);
  }
  return inScope;
}

/** Records that lie one after the other are copied at once. */
function copyRecords(records: readonly PackedRecord[], target: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < records.length; ) {
    const { chunk, start } = records[index] as PackedRecord;
    let end = start;
    for (; index < records.length; index++) {
      const next = records[index] as PackedRecord;
      if (next.chunk !== chunk || next.start !== end) break;
      end = next.end;
    }
    target.set(chunk.subarray(start, end), at);
    at += end - start;
  }
  return at;
}

/** The position after the tag. */
function expectTag(bytes: Uint8Array, at: number, tag: number): number {
  if (bytes[at] !== tag) throw notOneRecord();
  return at + 1;
}

/** The position after the length at this one. */
function skipLength(bytes: Uint8Array, at: number): number {
  let next = at;
  while ((bytes[next++] ?? 0) > 0x7f);
  return next;
}

/** The position after the field at this one, a length-delimited one. */
function skipField(bytes: Uint8Array, at: number): number {
  let length = 0;
  let unit = 1;
  let next = at + 1;
  for (; (bytes[next] ?? 0) > 0x7f; next++, unit *= 0x80) length += ((bytes[next] as number) & 0x7f) * unit;
  return next + 1 + length + (bytes[next] ?? 0) * unit;
}

/** The size of a field with this many bytes in it. */
function fieldSize(size: number): number {
  let bytes = size + 2;
  for (let rest = size; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function writeHead(bytes: Uint8Array, offset: number, tag: number, size: number): number {
  let at = offset;
  bytes[at++] = tag;
  let rest = size;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

function notOneRecord(): TypeError {
  return new TypeError("the bytes are no request with one record");
}
