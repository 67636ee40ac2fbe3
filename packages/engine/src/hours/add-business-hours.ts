import type { BusinessHours } from '@aumos/agf-domain';
import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Nothing waits longer, however few hours count. */
const LATEST_MS = 10 * 366 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/**
 * The first instant until which so many hours have counted. A moment counts when the clock on the wall, in the time zone,
 * shows a time of the window on a day of the week that counts and is no holiday: where a clock is put forward the hour that
 * is left out does not count, where it is put back the hour that comes twice counts twice.
 * @param from ms since the epoch, as is the answer
 * @throws RangeError where there is no such time zone
 */
export function addBusinessHours(from: number, hours: number, counted: BusinessHours): number {
  const zone = IANAZone.create(counted.time_zone);
  if (!zone.isValid) throw new RangeError(`There is no time zone '${counted.time_zone}'`);
  let left = Math.round(hours * HOUR_MS);
  if (left <= 0) return from;
  const latest = from + LATEST_MS;
  const days = daysThatCount(counted);
  const [opens, closes] = [msOf(counted.from), msOf(counted.to)];
  for (let at = from; at < latest;) {
    const { end, offset } = unchanged(zone, at, latest);
    for (let day = Math.floor((at + offset) / DAY_MS); day * DAY_MS - offset < end; day++) {
      const begin = Math.max(at, day * DAY_MS + opens - offset);
      const open = Math.min(end, day * DAY_MS + closes - offset) - begin;
      if (open <= 0 || !days(day)) continue;
      if (left <= open) return begin + left;
      left -= open;
    }
    at = end;
  }
  return latest;
}

/** From here on, a day at most, the zone's clock runs without a jump. */
function unchanged(zone: IANAZone, at: number, latest: number): { end: number; offset: number } {
  const offset = offsetOf(zone, at);
  let end = Math.min(at + DAY_MS, latest);
  if (offsetOf(zone, end) === offset) return { end, offset };
  for (let before = at; end - before > 1;) {
    const middle = Math.floor((before + end) / 2);
    if (offsetOf(zone, middle) === offset) before = middle;
    else end = middle;
  }
  return { end, offset };
}

const offsetOf = (zone: IANAZone, at: number): number => zone.offset(at) * MINUTE_MS;

/** By the days since 1970-01-01. */
function daysThatCount({ days, holidays = [] }: BusinessHours): (day: number) => boolean {
  const weekdays = new Set(days);
  const free = new Set(holidays);
  return (day) =>
    weekdays.has(((((day + FIRST_WEEKDAY) % 7) + 7) % 7) + 1) &&
    !free.has(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/** Of `HH:MM`, since midnight. */
function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS;
}
