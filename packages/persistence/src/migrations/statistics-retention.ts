import { forget } from './retention.js';

/** When an hour is long ago. Whoever asks: never within the month that the API tells of. */
const STATISTICS_END = `transaction_timestamp() - make_interval(days =>
  greatest(32, coalesce(nullif(current_setting('app.statistics_retention_days', true), '')::int, 90)))`;

/** What workflows and agents did long ago, which nobody asks for any more. */
export const STATISTICS_RETENTION: readonly string[] = [
  ...forget('agf_call_statistics', `hour < ${STATISTICS_END}`),
  'create index agf_call_statistics_by_time on agf_call_statistics using brin (hour) with (autosummarize = on)',
];
