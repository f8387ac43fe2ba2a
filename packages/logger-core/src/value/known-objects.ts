/**
 * Objects of libraries and platforms whose members are thousands of lines of internals, with secrets among them: each has
 * a short form that is safe (D-93). They are recognised by what they have, never by their class.
 */
import { SHOWN_HEADERS } from "../generated/secret-names.ts";
import { MASKED_PLACEHOLDER, safeQuery, safeUrl } from "../redaction/index.ts";
import { isPlain } from "./plain-map.ts";
import { TRUNCATION_MARK } from "./walk-budget.ts";

/** Whether a key is secret beside those that usually are. */
export type IsSecret = (key: string) => boolean;

type Members = { readonly [name: string]: unknown };
type Form = { [name: string]: unknown };

const MAX_TEXT = 256;
const MAX_URL = 512;
const MAX_FIELDS = 64;
/** Headers that are URLs. */
const URL_HEADERS = new Set(["location", "referer", "origin"]);
/** Says how many headers are not shown. */
const OMITTED = "[omitted]";

let shown: ReadonlySet<string> | undefined;

const tagOf = (input: object): string => Object.prototype.toString.call(input).slice(8, -1);

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null;

/** Forms of platform classes by their tag. */
const BY_TAG: { readonly [tag: string]: ((input: Members, isSecret: IsSecret) => unknown) | undefined } = {
  Headers: (input, isSecret) => headersForm(input, isSecret),
  URLSearchParams: (input, isSecret) => safeQuery(String(input), isSecret),
  FormData: formDataForm,
  URL: (input, isSecret) => safeUrl(String(input.href), isSecret),
  Blob: fileForm,
  File: fileForm,
  Request: (input, isSecret) => ({
    method: textOf(input.method),
    url: urlOf(input.url, isSecret),
    headers: headersForm(input.headers, isSecret),
  }),
  Response: (input, isSecret) => responseForm(input, input.headers, isSecret),
};

/**
 * The form of a known object: a plain map or a text; `undefined` for any other object. Reads few members, which may throw
 * what their getters throw.
 */
export function knownForm(input: object, isSecret: IsSecret): unknown {
  const tag = tagOf(input);
  const members = input as Members;
  const byTag = Object.hasOwn(BY_TAG, tag) ? BY_TAG[tag] : undefined;
  if (byTag !== undefined) return hasProtocol(members, tag) ? byTag(members, isSecret) : undefined;
  if (tag.endsWith("Event") && typeof members.preventDefault === "function") return eventForm(members);
  return messageForm(members, isSecret);
}

/** Whether an object with a tag has what the class has: anybody can say anything of himself. */
function hasProtocol(input: Members, tag: string): boolean {
  if (tag === "URL") return typeof input.href === "string";
  if (tag === "Request" || tag === "Response") return isObject(input.headers);
  if (tag === "Blob" || tag === "File") return typeof input.size === "number" && typeof input.type === "string";
  return typeof input.forEach === "function";
}

/** Whether an object is a stream, of which nothing but its class is worth telling. */
export function isStream(input: object): boolean {
  return "_readableState" in input || "_writableState" in input;
}

/** Messages of `node:http` and `node:http2`, and what frameworks put around them. */
function messageForm(input: Members, isSecret: IsSecret): Form | undefined {
  if ("httpVersion" in input && isObject(input.headers)) return incomingForm(input, isSecret);
  if ("getHeaders" in input && "setHeader" in input) return outgoingForm(input, isSecret);
  for (const name of ["raw", "req"]) {
    const inner = name in input ? input[name] : undefined;
    if (!isObject(inner)) continue;
    if ("httpVersion" in inner && isObject(inner.headers)) return incomingForm(inner, isSecret);
    if ("getHeaders" in inner) return outgoingForm(inner, isSecret);
    if (tagOf(inner) === "Request" && isObject(inner.headers)) return knownForm(inner, isSecret) as Form;
  }
  return undefined;
}

/** A request that a server got, or the response that a client got. */
function incomingForm(input: Members, isSecret: IsSecret): Form {
  if (typeof input.statusCode === "number") return responseForm(input, input.headers, isSecret);
  const { socket } = input;
  return {
    method: textOf(input.method),
    url: urlOf(input.originalUrl ?? input.url, isSecret),
    headers: headersForm(input.headers, isSecret),
    remoteAddress: isObject(socket) ? textOf(socket.remoteAddress) : undefined,
  };
}

/** The response that a server sends, or the request of a client. */
function outgoingForm(input: Members, isSecret: IsSecret): Form {
  const headers = (input.getHeaders as () => unknown).call(input);
  if (typeof input.statusCode === "number") return responseForm(input, headers, isSecret);
  const host = textOf(input.host) ?? "";
  const path = textOf(input.path) ?? "";
  const origin = host === "" ? "" : `${textOf(input.protocol) ?? ""}//${host}`;
  return { method: textOf(input.method), url: urlOf(origin + path, isSecret), headers: headersForm(headers, isSecret) };
}

function responseForm(input: Members, headers: unknown, isSecret: IsSecret): Form {
  return {
    status: input.statusCode ?? input.status,
    statusText: textOf(input.statusMessage ?? input.statusText) || undefined,
    url: textOf(input.url) ? urlOf(input.url, isSecret) : undefined,
    headers: headersForm(headers, isSecret),
  };
}

/** What an error of an HTTP client has under `config`, `request`, `response` or `options`; `undefined` for anything else. */
export function httpMemberForm(value: unknown, isSecret: IsSecret): unknown {
  if (!isObject(value)) return undefined;
  if (!isPlain(value)) return knownForm(value, isSecret);
  const status = value.statusCode ?? value.status;
  if (typeof status === "number" && isObject(value.headers)) return responseForm(value, value.headers, isSecret);
  if (typeof value.url !== "string" && typeof value.method !== "string") return undefined;
  return {
    method: textOf(value.method),
    baseURL: textOf(value.baseURL) === undefined ? undefined : urlOf(value.baseURL, isSecret),
    url: urlOf(value.url, isSecret),
    headers: isObject(value.headers) ? headersForm(value.headers, isSecret) : undefined,
    timeout: value.timeout,
  };
}

/** Those of the list with their values, of the others how many there are. */
function headersForm(headers: unknown, isSecret: IsSecret): Form {
  const form: Form = {};
  shown ??= new Set(SHOWN_HEADERS);
  let omitted = 0;
  for (const [name, value] of entriesOf(headers)) {
    const lower = String(name).toLowerCase();
    if (!shown.has(lower) || isSecret(lower)) omitted += 1;
    else form[lower] = URL_HEADERS.has(lower) ? urlOf(value, isSecret) : shortText(value);
  }
  if (omitted > 0) form[OMITTED] = omitted;
  return form;
}

function entriesOf(headers: unknown): readonly (readonly [unknown, unknown])[] {
  if (!isObject(headers)) return [];
  const entries: (readonly [unknown, unknown])[] = [];
  if (tagOf(headers) !== "Headers" || typeof headers.forEach !== "function") return Object.entries(headers);
  headers.forEach((value: unknown, name: unknown) => void entries.push([name, value]));
  return entries;
}

function formDataForm(input: Members, isSecret: IsSecret): Form {
  const form: Form = {};
  let count = 0;
  (input.forEach as (each: (value: unknown, name: string) => void) => void).call(input, (value, name) => {
    count += 1;
    if (count > MAX_FIELDS) return;
    form[name] = isSecret(name) ? MASKED_PLACEHOLDER : isObject(value) ? fileForm(value) : shortText(value);
  });
  if (count > MAX_FIELDS) form[OMITTED] = count - MAX_FIELDS;
  return form;
}

function fileForm(input: Members): Form {
  return { name: textOf(input.name), type: textOf(input.type), size: input.size };
}

function eventForm(input: Members): Form {
  const { type, target, message, filename, lineno, code, reason } = input;
  return { type, target: isObject(target) ? tagOf(target) : undefined, message, filename, lineno, code, reason };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? cut(value) : undefined;
}

function urlOf(value: unknown, isSecret: IsSecret): string | undefined {
  return typeof value === "string" ? cut(safeUrl(value, isSecret), MAX_URL) : undefined;
}

function shortText(value: unknown): string {
  return cut(Array.isArray(value) ? value.slice(0, MAX_FIELDS).join(", ") : String(value));
}

function cut(text: string, most = MAX_TEXT): string {
  return text.length <= most ? text : text.slice(0, most) + TRUNCATION_MARK;
}
