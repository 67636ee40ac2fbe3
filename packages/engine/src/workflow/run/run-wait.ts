import { MAX_SECONDS, rfc3339Ms, type Json, type JsonObject, type WaitNode } from '@aumos/agf-domain/runtime';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { Ran, Visit } from './visit.js';

/** A shorter one costs less than saying in the row that it begins and ends. */
const LONG_MS = 5_000;

type WaitVisit = Visit<WaitNode>;

/** Waits for a time or for a signal, while the execution's time limit stands still. The result is the signal's payload. */
export async function runWait(visit: WaitVisit): Promise<Ran> {
  const { signal } = visit.node;
  const result = signal === undefined ? await untilTime(visit) : await untilSignal(visit, signal);
  return { result, recorded: false };
}

async function untilTime(visit: WaitVisit): Promise<null> {
  const at = kept(visit, () => timeOf(visit));
  const leftMs = (): number => at - visit.run.runtime.now();
  const wait = async (): Promise<void> => {
    if (leftMs() > 0) await visit.run.runtime.sleep(leftMs());
  };
  if (leftMs() > 0) await standingStill(visit, leftMs() >= LONG_MS, wait);
  return null;
}

async function untilSignal(visit: WaitVisit, name: string): Promise<Json> {
  const { run, node, site } = visit;
  const { signals } = run.commands;
  const wait = signals.wait(name, site);
  const { timeout_seconds: seconds } = node;
  const endsAt = seconds === undefined ? undefined : kept(visit, () => run.runtime.now() + seconds * 1000);
  const come = (): boolean => wait.taken !== undefined;
  try {
    if (!come())
      await standingStill(visit, true, async () => {
        const leftMs = endsAt === undefined ? undefined : Math.max(1, endsAt - run.runtime.now());
        if (!come()) await run.runtime.until(come, leftMs);
      });
  } finally {
    signals.leave(wait);
  }
  if (wait.taken) return wait.taken.payload;
  const text = `No signal "${name}" came within ${String(seconds)} seconds`;
  throw new NodeError(executionError(site, 'WAIT_TIMEOUT', text, { signal: name }));
}

/** The end that an earlier run decided on. In ms since the epoch. */
function kept({ run, site }: WaitVisit, decide: () => number): number {
  const before = run.handover.keptOf(site) as number | undefined;
  const at = before ?? decide();
  run.handover.keep(site, at);
  return at;
}

/** Cancelled, it leaves the row as it is: the execution's outcome follows. */
async function standingStill({ run, node, site }: WaitVisit, told: boolean, wait: () => Promise<void>): Promise<void> {
  run.clock.hold();
  try {
    if (told) await run.waiting.begin(node.id);
    await run.handover.idle(site, wait);
  } finally {
    run.clock.release();
  }
  if (told) await run.waiting.end(node.id);
}

/** When it fires, in ms since the epoch. @throws NodeError, ExpressionError */
function timeOf({ node, site, input, run }: WaitVisit): number {
  const { seconds, until } = input as JsonObject;
  const refuse = (text: string): never => {
    throw new NodeError(executionError(site, 'EXPRESSION_ERROR', text));
  };
  const now = run.runtime.now();
  const at = node.until === undefined ? now + secondsMs(seconds, refuse) : untilMs(until, refuse);
  return at - now <= MAX_SECONDS * 1000 ? at : refuse(`It would wait longer than ${String(MAX_SECONDS)} seconds`);
}

function secondsMs(seconds: Json | undefined, refuse: (text: string) => never): number {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return refuse('"seconds" is no number');
  return Math.ceil(seconds * 1000);
}

function untilMs(until: Json | undefined, refuse: (text: string) => never): number {
  return typeof until === 'string' ? rfc3339Ms(until) : refuse('"until" is no timestamp of RFC 3339');
}
