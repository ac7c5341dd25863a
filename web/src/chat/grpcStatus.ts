import { Code, ConnectError } from '@connectrpc/connect';

/** The gRPC statuses that blame the request: the same call would fail in the same way. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
  Code.Unauthenticated,
]);

/**
 * Whether the same call may be tried again after this gRPC status. `UNKNOWN` may: it is what Connect-ES makes of a
 * network that failed.
 */
export function mayRetryAfter(code: number): boolean {
  return !FINAL_CODES.has(code);
}

/**
 * Says in words why a call failed: the status and the server's message, or the browser's own words where no status came
 * from the server.
 */
export function describeError(error: unknown): string {
  const { code, message, rawMessage } = ConnectError.from(error);
  return code === Code.Unknown ? rawMessage : message;
}
