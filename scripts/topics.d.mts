/** Creates every topic that is missing at these brokers (comma-separated), and gives the names of those. */
export function createTopics(brokers: string): Promise<string[]>;
