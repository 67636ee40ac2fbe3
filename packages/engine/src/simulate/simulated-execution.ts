import type { ExecutionStart } from '../common/index.js';
import { compilePlan } from '../workflow/plan/compile-plan.js';
import { ExecutionRun } from '../workflow/run/execution-run.js';
import { failureOf, type Outcome } from '../workflow/run/outcome.js';
import { runExecution } from '../workflow/run/run-execution.js';
import { SimulationError, type SimulationScript } from './script.js';
import { SimulatedChildren } from './simulated-children.js';
import { SimulatedRuntime } from './simulated-runtime.js';
import { SimulatedVisits } from './simulated-visits.js';
import {
  notRun,
  simulationOf,
  type Simulate,
  type Simulated,
  type Simulating,
  type UnsentSignal,
} from './simulation.js';
import type { VirtualTime } from './virtual-time.js';

/** One execution of a simulation, a root or a child, in its own branch of the virtual time. */
export class SimulatedExecution implements Simulating {
  private readonly visits = new SimulatedVisits();
  private readonly runtime: SimulatedRuntime;
  private readonly children: SimulatedChildren;
  private readonly run: ExecutionRun | Outcome;
  private readonly sent: UnsentSignal[] = [];

  constructor(
    start: ExecutionStart,
    private readonly script: SimulationScript,
    private readonly time: VirtualTime,
    clockStands?: (stands: boolean) => void,
  ) {
    const below: Simulate = (...child) => new SimulatedExecution(...child);
    this.children = new SimulatedChildren(script, start, { time, visits: this.visits, simulate: below });
    this.runtime = new SimulatedRuntime(time, script, this.visits, this.children, clockStands);
    this.run = this.runOf(start);
    this.runtime.onFault = () => {
      this.cancel();
    };
  }

  async toEnd(): Promise<Simulated> {
    const { run, time, visits } = this;
    if (!(run instanceof ExecutionRun)) return { simulation: notRun(run), outcome: run, fault: undefined };
    const startedMs = time.now();
    (this.script.signals ?? []).forEach(({ name, payload = null, after_ms = 0 }, i) => {
      time.schedule(after_ms, () => run.commands.signal({ id: String(i), name, payload }));
    });
    const outcome = await runExecution(run);
    const simulation = simulationOf(run, outcome, { visits, duration_ms: time.now() - startedMs });
    const { sent } = this;
    return {
      simulation: sent.length > 0 ? { ...simulation, unsent_signals: sent } : simulation,
      outcome,
      fault: this.runtime.fault,
    };
  }

  cancel(): void {
    if (this.run instanceof ExecutionRun) this.run.end({ kind: 'cancelled' });
  }

  unsent(): SimulationError | undefined {
    const [wait] = this.run instanceof ExecutionRun ? this.run.commands.signals.awaited() : [];
    return wait ? new SimulationError('UNANSWERED', `no signal "${wait.name}"`, wait.site) : this.children.unsent();
  }

  /** The signal that it waits for comes with null, as far as the script lets it. @returns whether one came */
  sendUnsent(): boolean {
    if (!(this.run instanceof ExecutionRun) || this.sent.length >= (this.script.unsent_signals ?? 0)) return false;
    const { commands } = this.run;
    const [wait] = commands.signals.awaited();
    if (!wait) return false;
    commands.signal({ id: `unsent-${String(this.sent.length)}`, name: wait.name, payload: null });
    this.sent.push({ ...wait.site, name: wait.name });
    return true;
  }

  private runOf(start: ExecutionStart): ExecutionRun | Outcome {
    try {
      const { runtime, visits } = this;
      return new ExecutionRun(start, compilePlan(start.definition), { ref: start, runtime, visits });
    } catch (error) {
      return failureOf(error);
    }
  }
}
