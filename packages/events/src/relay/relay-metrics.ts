import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('@aumos/agf-events');

export const relayMetrics = {
  published: meter.createCounter('agf.outbox.published', { description: 'Events confirmed by Kafka' }),
  poisoned: meter.createCounter('agf.outbox.poisoned', { description: 'Failed attempts at events that fit no schema' }),
  settled: meter.createCounter('agf.outbox.settled', { description: 'Events looked up on Kafka after an unknown end' }),
  failures: meter.createCounter('agf.outbox.failures', { description: 'Batches whose send or mark failed' }),
  lag: meter.createHistogram('agf.outbox.lag', { unit: 'ms', description: 'From the fact to the confirmation' }),
};
