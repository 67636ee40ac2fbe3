import { WatchedBreakersRepository } from '@aumos/agf-persistence';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type BatchObservableCallback, type Meter, metrics, type Observable } from '@opentelemetry/api';

/**
 * How many breakers of all tenants are not closed, or isolated, as PostgreSQL knows: looked up when somebody reads the
 * metrics. Every monitor says the same. While PostgreSQL does not answer there is no value.
 */
@Injectable()
export class MonitorGauges implements OnApplicationShutdown {
  private readonly log = new Logger(MonitorGauges.name);
  private readonly meter: Meter = metrics.getMeter('@aumos/agf-circuit-breaker-monitor');
  private readonly unclosed = this.meter.createObservableGauge('agf.breaker.unclosed', {
    description: 'breakers that are open or half open',
  });
  private readonly isolated = this.meter.createObservableGauge('agf.breaker.isolated', {
    description: 'breakers that an operator has taken out of use',
  });
  private readonly observed: Observable[] = [this.unclosed, this.isolated];
  private readonly observe: BatchObservableCallback = async (result) => {
    try {
      for (const { state, kind, count } of await this.watched.unclosed())
        result.observe(this.unclosed, count, { state, kind });
      result.observe(this.isolated, await this.watched.isolated());
    } catch (err) {
      this.log.warn({ err, msg: 'cannot count breakers' });
    }
  };

  constructor(private readonly watched: WatchedBreakersRepository) {
    this.meter.addBatchObservableCallback(this.observe, this.observed);
  }

  onApplicationShutdown(): void {
    this.meter.removeBatchObservableCallback(this.observe, this.observed);
  }
}
