import type { BreakerKey, BreakerState } from '@aumos/agf-domain';
import { describe, expect, it } from '@jest/globals';
import { drillReport, isOver, type Measured } from '../src/drills/drill-report.js';

const KEY = 'tool:csv_profile';
const BEGIN = Date.parse('2026-11-23T10:00:00Z');
const at = (ms: number): Date => new Date(BEGIN + ms);
const change = (ms: number, from_state: BreakerState, to_state: BreakerState, circuit_key: BreakerKey = KEY) => ({
  circuit_key,
  from_state,
  to_state,
  at: at(ms),
});

const drill = { tool: 'csv_profile', calls_failed: 7, first_failed_at: at(100), fault_ends_at: at(10_000) };
const reportOf = (transitions: Measured['transitions'], executions: Measured['calls']['executions'] = {}) =>
  drillReport({ drill, calls: { refused: 4, executions }, transitions });

describe('what a drill showed', () => {
  it('is how soon it opened, and how soon it was well again', () => {
    const report = reportOf([
      change(600, 'closed', 'open'),
      change(5_600, 'open', 'half_open'),
      change(5_700, 'half_open', 'open'),
      change(10_700, 'open', 'half_open'),
      change(10_900, 'half_open', 'closed'),
    ]);
    expect(report).toMatchObject({ calls_failed: 7, calls_refused: 4, opened_after_ms: 500, recovered_after_ms: 900 });
    expect(report.breakers).toEqual([
      { circuit_key: KEY, times_opened: 2, opened_at: at(600).toISOString(), closed_at: at(10_900).toISOString() },
    ]);
    expect(isOver(report)).toBe(true);
  });

  it('names the other breakers that opened with it, and is not over while one is open', () => {
    const report = reportOf([
      change(600, 'closed', 'open'),
      change(700, 'closed', 'open', 'workflow:w'),
      change(10_900, 'half_open', 'closed'),
    ]);
    expect(report.breakers.map(({ circuit_key, closed_at }) => [circuit_key, closed_at !== null])).toEqual([
      [KEY, true],
      ['workflow:w', false],
    ]);
    expect(isOver(report)).toBe(false);
  });

  it('takes the breakers of a tool by host together: open with the first, well again with the last', () => {
    const [one, two] = [`${KEY}.a.example`, `${KEY}.b.example`] as const;
    const begun = [change(600, 'closed', 'open', two), change(800, 'closed', 'open', one)];
    expect(reportOf([...begun, change(11_000, 'half_open', 'closed', two)])).toMatchObject({
      ...{ opened_after_ms: 500, recovered_after_ms: null },
    });
    const ended = [change(11_000, 'half_open', 'closed', two), change(12_000, 'half_open', 'closed', one)];
    expect(reportOf([...begun, ...ended]).recovered_after_ms).toBe(2_000);
    expect(reportOf([change(600, 'closed', 'open', 'tool:csv_profile_2')]).opened_after_ms).toBeNull();
  });

  it('counts no opening where an open one is isolated or restored', () => {
    const report = reportOf([change(600, 'closed', 'open'), change(900, 'open', 'open')]);
    expect(report.breakers).toMatchObject([{ times_opened: 1, closed_at: null }]);
    expect(report.recovered_after_ms).toBeNull();
  });

  it('takes one that closed before the fault ended for recovered at once', () => {
    const report = reportOf([change(600, 'closed', 'open'), change(9_000, 'half_open', 'closed')]);
    expect(report.recovered_after_ms).toBe(0);
  });

  it('tells executions that failed from those that were contained, and waits for the others', () => {
    const ended = reportOf([], { completed: 3, failed: 2, cancelled: 1 });
    expect(ended.executions).toEqual({ failed: 2, contained: 3, cancelled: 1, under_way: 0 });
    const waiting = reportOf([], { completed: 3, running: 1, paused_hitl: 2 });
    expect(waiting.executions.under_way).toBe(3);
    expect([isOver(ended), isOver(waiting)]).toEqual([true, false]);
  });

  it('has no times where nothing opened, or nobody called', () => {
    expect(reportOf([])).toMatchObject({ opened_after_ms: null, recovered_after_ms: null, breakers: [] });
    const uncalled = { ...drill, calls_failed: 0, first_failed_at: null };
    const report = drillReport({ drill: uncalled, calls: { refused: 0, executions: {} }, transitions: [] });
    expect(report).toMatchObject({ calls_failed: 0, opened_after_ms: null });
  });
});
