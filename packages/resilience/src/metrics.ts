import { type Counter, metrics } from '@opentelemetry/api';
import { type Admission } from '@aumos/agf-domain';

/** OpenTelemetry counters; without an SDK they cost nothing. No tenant in the attributes: cardinality. */
export class GuardMetrics {
  readonly #calls: Counter;
  readonly #lost: Counter;

  /** @param isAway whether Redis is, now */
  constructor(isAway: () => boolean) {
    const meter = metrics.getMeter('@aumos/agf-resilience');
    this.#calls = meter.createCounter('agf.breaker.calls', { description: 'calls that asked for a permit' });
    this.#lost = meter.createCounter('agf.breaker.lost_reports', { description: 'outcomes that did not reach Redis' });
    const description = '1 while calls run under breakers of this process, since Redis is away';
    meter.createObservableGauge('agf.breaker.in_process', { description }).addCallback((gauge) => {
      gauge.observe(isAway() ? 1 : 0);
    });
  }

  asked(admission: Admission): void {
    this.#calls.add(1, { admitted: admission.admitted, degraded: admission.degraded ?? false });
  }

  lostReport(): void {
    this.#lost.add(1);
  }
}
