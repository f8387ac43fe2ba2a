export type { ClaimName, OverflowClaim, OverflowStrategy, SinkClaims } from "./claims.ts";
export { chooseSubject, loadSubjects, NoSubject } from "./find-subject.ts";
export type {
  Awaitable,
  Delivered,
  DeliveredRecord,
  SinkSubject,
  SubjectEnv,
  SubjectFaults,
  SubjectInstance,
  SubjectSettings,
} from "./subject.ts";
