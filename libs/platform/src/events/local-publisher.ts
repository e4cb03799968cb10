import type { EventServer } from './event-server.js';
import type { Message, Publisher } from './publisher.js';

/**
 * Publishes inside one process: hands the same bytes to every service's event server, one message after
 * another, and is done only when each of them is. A server whose database is down makes the relay wait.
 */
export class LocalPublisher implements Publisher {
  private readonly servers: EventServer[] = [];

  /** Adds a receiver; to be called for every service before the first relay starts. */
  connect(server: EventServer): void {
    this.servers.push(server);
  }

  async start(): Promise<void> {}

  async publish(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      for (const server of this.servers) await server.receive(message);
    }
  }

  async stop(): Promise<void> {}
}
