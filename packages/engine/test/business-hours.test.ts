import { describe, expect, it } from '@jest/globals';
import type { BusinessHours } from '@aumos/agf-domain';
import fc from 'fast-check';
import { addBusinessHours, deadlineOf } from '../src/hours/index.js';

const OFFICE: BusinessHours = { time_zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const after = (from: string, hours: number, counted: BusinessHours): string =>
  new Date(addBusinessHours(Date.parse(from), hours, counted)).toISOString();

describe('business hours', () => {
  it.each([
    ['within a day', '2026-11-23T08:30:00Z', 2, {}, '2026-11-23T10:30:00.000Z'],
    ['to the very end of one', '2026-11-23T08:00:00Z', 8, {}, '2026-11-23T16:00:00.000Z'],
    ['over the night', '2026-11-23T15:30:00Z', 1, {}, '2026-11-24T08:30:00.000Z'],
    ['over the weekend', '2026-11-27T15:00:00Z', 2, {}, '2026-11-30T09:00:00.000Z'],
    ['from the weekend', '2026-11-28T12:00:00Z', 1, {}, '2026-11-30T09:00:00.000Z'],
    ['from before the day begins', '2026-11-23T01:00:00Z', 1, {}, '2026-11-23T09:00:00.000Z'],
    [
      'over holidays',
      '2026-12-24T15:00:00Z',
      2,
      { holidays: ['2026-12-25', '2026-12-28'] },
      '2026-12-29T09:00:00.000Z',
    ],
    ['fractions', '2026-11-23T15:45:00Z', 0.5, {}, '2026-11-24T08:15:00.000Z'],
    ['no hours at all', '2026-11-28T12:00:00Z', 0, {}, '2026-11-28T12:00:00.000Z'],
    ['to the end of the day', '2026-11-23T22:00:00Z', 2, { from: '22:00', to: '24:00' }, '2026-11-24T22:00:00.000Z'],
    ['around the clock', '2026-11-27T22:00:00Z', 2, { from: '00:00', to: '24:00' }, '2026-11-29T24:00:00.000Z'],
    // Put forward on 29 March at two, put back on 25 October at three.
    [
      'an hour left out',
      '2026-03-29T00:30:00Z',
      1,
      { days: [7], from: '00:00', to: '24:00' },
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'a window in it',
      '2026-03-29T00:00:00Z',
      0.5,
      { days: [7], from: '02:30', to: '03:30' },
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'a whole window in it',
      '2026-03-28T12:00:00Z',
      0.5,
      { days: [7], from: '02:00', to: '03:00' },
      '2026-04-05T00:30:00.000Z',
    ],
    ['an hour twice', '2026-10-25T00:00:00Z', 2, { days: [7], from: '02:00', to: '03:00' }, '2026-10-25T02:00:00.000Z'],
    [
      'a part of it twice',
      '2026-10-25T00:00:00Z',
      1,
      { days: [7], from: '02:30', to: '04:00' },
      '2026-10-25T02:00:00.000Z',
    ],
    ['offsets of a quarter', '2026-11-23T00:00:00Z', 1, { time_zone: 'Asia/Kathmandu' }, '2026-11-23T04:15:00.000Z'],
  ])('%s', (_, from, hours, more, expected) => {
    expect(after(from, hours, { ...OFFICE, ...more })).toBe(new Date(expected).toISOString());
  });

  it('knows no time zone that is none, and ends where next to nothing counts', () => {
    expect(() => after('2026-11-23T00:00:00Z', 1, { ...OFFICE, time_zone: 'Mars/Base' })).toThrow(RangeError);
    const rare = { ...OFFICE, days: [7], from: '00:00', to: '00:01' };
    expect(after('2026-01-01T00:00:00Z', 8760, rare)).toBe('2036-01-09T00:00:00.000Z');
  });

  it('counts as a walk from minute to minute does', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Cairo', 'UTC'];
    const minute = fc.integer({ min: 0, max: 1440 });
    const question = fc.record({
      time_zone: fc.constantFrom(...zones, 'America/Santiago', 'Pacific/Apia', 'Asia/Beirut'),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 2 }),
      window: fc.tuple(minute, minute).filter(([from, to]) => to - from > 20),
      // In weeks about the changes of the clock, and any time.
      from: fc.oneof(
        fc.constantFrom(
          '2026-03-06',
          '2026-03-27',
          '2026-04-03',
          '2026-04-23',
          '2026-10-02',
          '2026-10-23',
          '2026-10-30',
        ),
        fc
          .date({ min: new Date('2024-01-01'), max: new Date('2027-12-01'), noInvalidDate: true })
          .map((d) => d.toISOString().slice(0, 10)),
      ),
      minutes: fc.integer({ min: 0, max: 5 * 1440 }),
      needed: fc.integer({ min: 1, max: 1200 }),
      free: fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(question, ({ time_zone, days, window, from, minutes, needed, free }) => {
        const start = Date.parse(from) + minutes * MINUTE;
        const holidays = free.map((day) => new Date(start + day * 24 * HOUR).toISOString().slice(0, 10));
        const [opens, closes] = window.map(clock) as [string, string];
        const counted = { time_zone, days, from: opens, to: closes, holidays };
        expect(new Date(addBusinessHours(start, needed / 60, counted)).toISOString()).toBe(
          new Date(walk(start, needed, counted)).toISOString(),
        );
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('a deadline is by the hours asked for, by those of the tenant, or by every hour', async () => {
    const asked = { tenant_id: 't', from: '2026-11-27T15:00:00Z', hours: 2 };
    const none = async () => null;
    expect(await deadlineOf({ ...asked, business_hours: OFFICE }, none)).toEqual({
      ...{ at: '2026-11-30T09:00:00.000Z', business_hours: OFFICE },
    });
    expect(await deadlineOf({ ...asked, business_hours: 'tenant' }, async () => OFFICE)).toEqual({
      ...{ at: '2026-11-30T09:00:00.000Z', business_hours: OFFICE },
    });
    expect(await deadlineOf({ ...asked, business_hours: 'tenant' }, none)).toEqual({
      ...{ at: '2026-11-27T17:00:00.000Z', business_hours: null },
    });
  });
});

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0')).join(':');

/** Minute by minute, by what the clock on the wall shows. */
function walk(start: number, minutes: number, { time_zone, days, from, to, holidays = [] }: BusinessHours): number {
  const wall = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: time_zone, hourCycle: 'h23', weekday: 'short' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  let at = start;
  for (let left = minutes; left > 0; at += MINUTE) {
    const shown = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, value]));
    const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(shown['weekday']!) + 1;
    const time = `${shown['hour']!}:${shown['minute']!}`;
    const date = `${shown['year']!}-${shown['month']!}-${shown['day']!}`;
    if (days.includes(weekday) && time >= from && time < to && !holidays.includes(date)) left--;
  }
  return at;
}
