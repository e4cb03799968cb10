import { createServer, type RequestListener, type Server } from 'node:http';
import { routes, type ServiceName } from '#contracts';

/** Which service answers a path of the public origin. */
export function serviceFor(path: string): ServiceName {
  const route = routes.find(({ prefix }) => path.startsWith(prefix));
  if (route === undefined) throw new Error(`no service answers ${path}`);
  return route.service;
}

/**
 * The public front of one process: hands each request to the service that its path belongs to.
 * @param own answers the paths that belong to the process itself; the others are left to the services
 */
export function createEdge(
  listeners: Record<ServiceName, RequestListener>,
  own: Readonly<Record<string, RequestListener>>,
): Server {
  return createServer({ requestTimeout: 30_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 }, (request, reply) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const listener = own[path] ?? listeners[serviceFor(path)];
    listener(request, reply);
  });
}

/** Listens, or says in one sentence why not. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is taken by another program; choose one with PORT=…`)
          : error,
      ),
    );
    server.listen(port, host, settle);
  });
}

/** Stops accepting, ends idle connections and waits for requests that are under way. */
export function close(server: Server): Promise<void> {
  return new Promise((settle) => {
    server.close(() => settle());
    server.closeIdleConnections();
  });
}
