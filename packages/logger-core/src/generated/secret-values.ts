// Generated from data/secret-values.json by `pnpm generate`. Do not edit.

/** What values look like that are secrets: all that matches is masked but the first group. */
export const SECRET_VALUE_PATTERNS: readonly {
  readonly name: string;
  readonly pattern: string;
  readonly isCardNumber: boolean;
}[] = [
  { name: "pem", pattern: "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)", isCardNumber: false },
  { name: "jwt", pattern: "(?<![A-Za-z0-9_-])ey[JK][A-Za-z0-9_-]{6,}\\.ey[JK][A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]*", isCardNumber: false },
  { name: "bearer", pattern: "\\b((?:[Bb]earer|BEARER|[Bb]asic|BASIC)\\s{1,8})(?=[A-Za-z0-9._~+/-]*[0-9+/=._~])[A-Za-z0-9._~+/-]{12,}=*", isCardNumber: false },
  { name: "connection_string", pattern: "(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\\/\\/[^\\s:@\\/?#\"'<>]{0,200}:)(?!\\d{1,5}[\\/?#])[^\\s@\"'<>]{1,200}(?=@)", isCardNumber: false },
  { name: "assignment", pattern: "\\b((?:[Pp]assword|PASSWORD|[Pp]wd|PWD|AccountKey|SharedAccessKey)=)[^\\s;&,\"']+", isCardNumber: false },
  { name: "card_number", pattern: "(?<![\\w.-])[2-6](?:[ -]?\\d){11,18}(?![\\w-]|\\.\\d)", isCardNumber: true },
];
