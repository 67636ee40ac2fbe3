import { ExpressionError } from '../errors.js';
import { epochMs, NANOS } from '../time.js';
import * as T from '../type.js';
import { type Duration, type Timestamp } from '../value.js';
import { overload, type Overload } from './overload.js';

const MS_A_DAY = 86_400_000;
const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;

/** The wall clock of a zone, as a date whose UTC members are the zone's. */
function wallClock(at: Timestamp, zone: string): Date {
  const ms = epochMs(at);
  const offset = OFFSET.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(ms + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  if (zone === 'UTC') return new Date(ms);
  return new Date(ms + zoneOffset(ms, zone));
}

function zoneOffset(ms: number, zone: string): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(new Date(ms));
    const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return wall - Math.floor(ms / 1000) * 1000;
  } catch {
    throw new ExpressionError('unknown time zone');
  }
}

const PARTS: Readonly<Record<string, (clock: Date) => number>> = {
  getFullYear: (clock) => clock.getUTCFullYear(),
  getMonth: (clock) => clock.getUTCMonth(),
  getDate: (clock) => clock.getUTCDate(),
  getDayOfMonth: (clock) => clock.getUTCDate() - 1,
  getDayOfWeek: (clock) => clock.getUTCDay(),
  getDayOfYear: (clock) => Math.floor((clock.getTime() - yearStart(clock)) / MS_A_DAY),
  getHours: (clock) => clock.getUTCHours(),
  getMinutes: (clock) => clock.getUTCMinutes(),
  getSeconds: (clock) => clock.getUTCSeconds(),
  getMilliseconds: (clock) => clock.getUTCMilliseconds(),
};
const yearStart = (clock: Date): number => new Date(clock).setUTCMonth(0, 1) - (clock.getTime() % MS_A_DAY);

/** Building a zone's calendar is dear beside a step. */
const ZONE_COST = 500;
const ofTimestamp = Object.entries(PARTS).flatMap(([name, part]): Overload[] => [
  overload('method', name, [T.TIMESTAMP], T.INT, (_e, at: Timestamp) => BigInt(part(wallClock(at, 'UTC')))),
  overload('method', name, [T.TIMESTAMP, T.STRING], T.INT, (e, at: Timestamp, zone: string) => {
    e.charge(ZONE_COST);
    return BigInt(part(wallClock(at, zone)));
  }),
]);

const ofDuration = (name: string, nanosEach: bigint): Overload =>
  overload('method', name, [T.DURATION], T.INT, (_e, { nanos }: Duration) => nanos / nanosEach);

export const TIME = [
  ...ofTimestamp,
  ofDuration('getHours', 3600n * NANOS),
  ofDuration('getMinutes', 60n * NANOS),
  ofDuration('getSeconds', NANOS),
  overload('method', 'getMilliseconds', [T.DURATION], T.INT, (_e, { nanos }: Duration) => (nanos % NANOS) / 1_000_000n),
];
