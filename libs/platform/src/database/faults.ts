/** What the database, Prisma or the broker client reports, put into the few kinds that matter. */

const unavailableCodes = new Set([
  // Prisma: unreachable, timed out, pool time-out, transaction not started, connection closed
  ...['P1000', 'P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
  // PostgreSQL classes 57P (shutdown), 53 (resources) 25P03/25006 (idle transaction ended, read only), 55000 (no connections now)
  ...['57P01', '57P02', '57P03', '53300', '53100', '53200', '25P03', '25006', '55000'],
]);
const unavailableNames =
  /^(KafkaJSConnection|KafkaJSBrokerNotFound|KafkaJSNumberOfRetries|KafkaJSRequestTimeout|DatabaseNotReachable|SocketTimeout|ConnectionClosed)/;
const unavailableText =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|server closed the connection/i;

/** True for a dependency that is down or too busy: to be retried, never counted against the data. */
export function isUnavailable(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      unavailableCodes.has(String(link['code'] ?? '')) ||
      unavailableCodes.has(String(link['originalCode'] ?? '')) ||
      unavailableNames.test(String(link['name'] ?? '')) ||
      unavailableNames.test(String(link['kind'] ?? '')) ||
      unavailableText.test(String(link['message'] ?? '')),
  );
}

/** True for a broken unique constraint, whichever way it surfaced. */
export function isUniqueViolation(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      link['code'] === 'P2002' ||
      link['code'] === '23505' ||
      link['originalCode'] === '23505' ||
      link['kind'] === 'UniqueConstraintViolation',
  );
}

/** The error and everything nested in it: causes, and the places where Prisma keeps the driver's error. */
function chain(error: unknown): Record<string, unknown>[] {
  const links: Record<string, unknown>[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 6) return;
    const link = value as Record<string, unknown>;
    links.push(link);
    for (const key of ['cause', 'meta', 'driverAdapterError', 'originalError', 'error']) visit(link[key], depth + 1);
    if (Array.isArray(link['errors'])) for (const inner of link['errors']) visit(inner, depth + 1);
  };
  visit(error, 0);
  return links;
}
