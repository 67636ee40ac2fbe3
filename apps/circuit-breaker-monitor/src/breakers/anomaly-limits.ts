import type { AnomalyLimits } from '@aumos/agf-persistence';

/** From when on a breaker is marked: opened three times within an hour, or not closed for five of its reset timeouts. */
export const ANOMALY_LIMITS: AnomalyLimits = { openings: 3, within_seconds: 3_600, resets: 5 };
