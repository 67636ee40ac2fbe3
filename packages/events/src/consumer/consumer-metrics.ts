import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('@aumos/agf-events');

export const consumerMetrics = {
  events: meter.createCounter('agf.events.consumed', {
    description: 'By outcome: done, duplicate, stale, ignored, dead',
  }),
  retries: meter.createCounter('agf.events.retried', { description: 'Attempts that failed and were repeated' }),
  ahead: meter.createCounter('agf.events.ahead', {
    description: 'Events that came before an earlier one of their aggregate',
  }),
};
