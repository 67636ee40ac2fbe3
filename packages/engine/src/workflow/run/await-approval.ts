import type { Json, ToolSpec } from '@aumos/agf-domain/runtime';
import type { ApprovalOutcome, ApprovalStart } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { approvalStart, deadlineAsked, type ApprovalRequest } from './approval-start.js';
import type { ExecutionRun } from './execution-run.js';
import { fittingBytes } from './payload-limit.js';
import type { Decided } from './runtime.js';
import type { Site } from './site.js';

export interface Approved {
  kind: 'approved';
  outcome: ApprovalOutcome;
  /** its arguments are the ones that were approved */
  start: ApprovalStart;
  /** the row says `running` again, unless the call's dispatch is to record that */
  resumed: Promise<void>;
  paused: boolean;
}

/** Somebody's result stands in place of the call. */
export interface Answered {
  kind: 'answered';
  result: Json;
  resumed: Promise<void>;
}

/**
 * Asks people, and waits for them; the execution's time limit stands still meanwhile. An edit asks anew: for the edited
 * arguments, of others than who wrote them.
 * @throws NodeError APPROVAL_REJECTED, APPROVAL_EXPIRED; a cancellation, once the approval is closed
 */
export async function awaitApproval(
  run: ExecutionRun,
  site: Site,
  request: ApprovalRequest,
): Promise<Approved | Answered> {
  const { handover } = run;
  const before = openedBefore(handover.keptOf(site), request);
  const first = before ? undefined : deadlineAsked(run, request);
  // Waited for only where hours are counted: the order of what is begun is that of histories without.
  let start =
    before ?? approvalStart(run, site, request, first ? { deadline: await run.runtime.deadlineOf(first) } : {});
  run.clock.hold();
  let leave: () => void = () => undefined;
  try {
    const bytes = fittingBytes(site, start);
    leave = await handover.idle(site, () => run.approvals.enter(bytes));
    let { outcome, paused } = await ask(run, site, start, { now: request.now, open: before !== undefined });
    while (outcome.status === 'edited') {
      await resumedAfter(run, start, paused);
      const edit = { of: start, outcome };
      const next = deadlineAsked(run, request, edit);
      start = next
        ? approvalStart(run, site, request, { edit, deadline: await run.runtime.deadlineOf(next) })
        : approvalStart(run, site, request, { edit });
      fittingBytes(site, start);
      ({ outcome, paused } = await ask(run, site, start, { now: request.now, open: false }));
    }
    if (outcome.status === 'approved' && paused && request.dispatchResumes && run.runtime.dispatchResumes?.())
      return { kind: 'approved', outcome, start, resumed: Promise.resolve(), paused };
    const resumed = resumedAfter(run, start, paused);
    if (outcome.status === 'approved') return { kind: 'approved', outcome, start, resumed, paused: false };
    if (outcome.status === 'answered') return { kind: 'answered', result: outcome.given ?? null, resumed };
    await resumed;
    throw refusal(site, outcome);
  } finally {
    leave();
    run.clock.release();
  }
}

function ask(
  { handover, runtime, ended }: ExecutionRun,
  site: Site,
  start: ApprovalStart,
  { now, open }: { now: ToolSpec | undefined; open: boolean },
): Promise<Decided> {
  return runtime.askPeople(start, {
    visits: ended,
    open,
    opened: () => handover.keep(site, keptOf(start, now)),
    idle: (wait) => handover.idle(site, wait),
  });
}

const resumedAfter = ({ runtime }: ExecutionRun, { approval_id }: ApprovalStart, paused: boolean): Promise<void> =>
  paused ? runtime.recordResumed(approval_id) : Promise.resolve();

/** What another run takes up: the approval, and the tool that it is for. */
type Kept = ApprovalStart & { now?: ToolSpec };

const keptOf = (start: ApprovalStart, now: ToolSpec | undefined): Json =>
  ({ ...start, ...(now === undefined ? {} : { now }) }) as unknown as Json;

/** What an earlier run opened, unless it is for the tool as it was: that is not what will be done. */
function openedBefore(kept: Json | undefined, { tool_version }: ApprovalRequest): ApprovalStart | undefined {
  if (kept === undefined) return undefined;
  const { now: _now, ...start } = kept as unknown as Kept;
  return start.tool_version === tool_version ? start : undefined;
}

/** The tool that an approval is for which an earlier run opened, where the execution did not begin with it. */
export const toolNowOf = (kept: Json | undefined): ToolSpec | undefined => (kept as unknown as Kept | undefined)?.now;

function refusal(site: Site, outcome: ApprovalOutcome): NodeError {
  const { approval_id, status, decided_by, notes } = outcome;
  const expired = status === 'expired';
  return new NodeError(
    executionError(
      site,
      expired ? 'APPROVAL_EXPIRED' : 'APPROVAL_REJECTED',
      expired
        ? 'Nobody decided in time'
        : status === 'rejected'
          ? 'The approval was rejected'
          : 'The approval was closed',
      { approval_id, status, decided_by, notes },
    ),
  );
}
