import { type Counter, createNoopMeter, type Meter, metrics } from '@opentelemetry/api';

let lost = 0;

const meter: Meter = Object.assign(createNoopMeter(), {
  createCounter: (name: string): Counter => ({
    add: (more: number) => {
      if (name === 'agf.breaker.lost_reports') lost += more;
    },
  }),
});

/** From now on guards that are made in this process count here what reports did not reach Redis, as far as they know. */
export function countLostReports(): void {
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
}

/** So far, of all guards. */
export const lostReports = (): number => lost;
