import type { BreakerKey, BreakerState } from '@aumos/agf-domain';
import type { RecordedReason } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { type Counter, type Histogram, metrics } from '@opentelemetry/api';
import { kindOf } from '../breakers/breaker-key.js';

/** OpenTelemetry instruments of what this monitor does. No tenant and no key in the attributes: cardinality. */
@Injectable()
export class MonitorMetrics {
  readonly #transitions: Counter;
  readonly #delay: Histogram;
  readonly #rescans: Counter;

  constructor() {
    const meter = metrics.getMeter('@aumos/agf-circuit-breaker-monitor');
    this.#transitions = meter.createCounter('agf.breaker.transitions', { description: 'changes that became history' });
    this.#delay = meter.createHistogram('agf.breaker.record_delay_seconds', {
      description: 'from a change to its row in the history',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300] },
    });
    this.#rescans = meter.createCounter('agf.breaker.rescans', {
      description: 'comparisons of Redis with the history',
    });
  }

  recorded({ key, to, reason, at }: { key: BreakerKey; to: BreakerState; reason: RecordedReason; at: string }): void {
    this.#transitions.add(1, { to, reason, kind: kindOf(key) });
    this.#delay.record(Math.max(0, Date.now() - Date.parse(at)) / 1000);
  }

  rescanned(ok: boolean): void {
    this.#rescans.add(1, { ok });
  }
}
