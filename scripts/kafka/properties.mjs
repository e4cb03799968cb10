/** The settings of a single node that is broker and controller at once, for development and tests. */
export function serverProperties({ data, broker, controller }) {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    // One node keeps one copy of everything, its own topics included: without these it waits for a second for ever.
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A misspelt topic is an error, not a new topic.
    'auto.create.topics.enable': false,
    // Groups of one member need not wait for others to join.
    'group.initial.rebalance.delay.ms': 0,
    // Small: two cores, little memory, few partitions.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
