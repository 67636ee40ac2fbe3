import { describe, expect, it } from '@jest/globals';
import { Commands } from '../src/workflow/run/commands.js';
import { SignalBox } from '../src/workflow/run/signal-box.js';

const SITE = { node: 'w', visit: 1 };

describe('a signal box', () => {
  it('keeps signals by name, in their order, each for one visit', () => {
    const box = new SignalBox();
    box.deliver('a', 1);
    box.deliver('b', null);
    box.deliver('a', 2);
    expect(['a', 'b', 'a', 'a'].map((name) => box.wait(name, SITE).taken?.payload)).toEqual([1, null, 2, undefined]);
    expect(box.awaited()).toMatchObject([{ name: 'a', site: SITE }]);
  });

  it('hands a signal to whoever has waited longest, and not to who has left', () => {
    const box = new SignalBox();
    const [first, second, third] = [box.wait('a', SITE), box.wait('a', SITE), box.wait('a', SITE)];
    box.leave(first);
    box.deliver('a', 'x');
    expect([first.taken, second.taken, third.taken]).toEqual([undefined, { payload: 'x' }, undefined]);
  });

  it('keeps a thousand of 128 KiB each, names that objects inherit included', () => {
    const box = new SignalBox();
    expect(box.deliver('constructor', 'x'.repeat(128 * 1024 - 2))).toBe(true);
    expect(box.deliver('constructor', 'x'.repeat(128 * 1024 - 1))).toBe(false);
    for (let n = 1; n < 1_000; n++) expect(box.deliver(`name-${String(n % 7)}`, n)).toBe(true);
    expect(box.deliver('a', 'one too many')).toBe(false);
    expect(box.wait('constructor', SITE).taken).toBeDefined();
    expect(box.deliver('a', 'fits again')).toBe(true);
  });
});

describe('commands', () => {
  it('are taken once, and go on in another run as they stood', () => {
    const told: boolean[] = [];
    const commands = new Commands();
    commands.onPause = (paused) => told.push(paused);
    commands.pause({ id: '1' });
    commands.pause({ id: '2' });
    commands.resume({ id: '3' });
    commands.pause({ id: '1' });
    commands.signal({ id: '4', name: 'a', payload: { n: 1 } });
    commands.signal({ id: '4', name: 'a', payload: { n: 1 } });
    expect(told).toEqual([true, false]);
    commands.pause({ id: '5' });
    const later = new Commands(JSON.parse(JSON.stringify(commands.export())) as ReturnType<Commands['export']>);
    expect(later.paused).toBe(true);
    later.resume({ id: '3' });
    expect(later.paused).toBe(true);
    later.resume({ id: '6' });
    expect(later.paused).toBe(false);
    expect([later.signals.wait('a', SITE).taken, later.signals.wait('a', SITE).taken]).toEqual([
      { payload: { n: 1 } },
      undefined,
    ]);
  });

  it('remember the latest only', () => {
    const commands = new Commands();
    for (let n = 0; n < 3_000; n++) commands.pause({ id: String(n) });
    expect(commands.export().taken).toHaveLength(2_000);
  });
});
