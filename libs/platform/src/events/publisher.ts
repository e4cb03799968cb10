/** A message as it leaves the outbox and as it arrives: the value is the CloudEvent's JSON. */
export interface Message {
  topic: string;
  key: string;
  value: string;
}

/**
 * Where the relay hands its messages. `publish` resolves when every message is safe with the receiver,
 * in the order given for each key; it rejects when any is not, and the relay then sends all of them again.
 */
export interface Publisher {
  start(): Promise<void>;
  publish(messages: readonly Message[]): Promise<void>;
  stop(): Promise<void>;
}
