import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ToolError } from '@aumos/agf-domain';
import { eventually, testStack } from '@aumos/agf-testing';
import { asAttempt, type MemoryActivities } from './memory-activities.js';

interface Question {
  id: number;
  name: string;
  args: unknown[];
  attempt: number;
}

type Activity = (...args: unknown[]) => Promise<unknown>;

const told = (error: unknown): object =>
  error instanceof ToolError
    ? { code: error.code, message: error.message, retryable: error.retryable, details: error.details }
    : { message: String(error) };

/** An execution worker in a process of its own, to be killed; its activities are those of this process. */
export class AskingWorker {
  /** executions that it asked about so far */
  readonly served = new Set<string>();
  private readonly child: ChildProcess;
  private readonly said = new Set<unknown>();
  private asked = 0;

  private constructor(
    queue: string,
    private readonly activities: MemoryActivities,
  ) {
    const stack = testStack();
    const names = Object.entries(activities).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    const own = { TEMPORAL: stack.temporal, NAMESPACE: stack.temporal_namespace, QUEUE: queue };
    this.child = fork(fileURLToPath(new URL('./asking-process.mjs', import.meta.url)), {
      env: { ...process.env, ...own, ACTIVITIES: names.join() },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (message) => {
      if (typeof message === 'string') this.said.add(message);
      else void this.answer(message as Question);
    });
  }

  /** Loaded, but with nothing to do until {@link begin}. */
  static async open(queue: string, activities: MemoryActivities): Promise<AskingWorker> {
    const worker = new AskingWorker(queue, activities);
    await eventually(() => worker.said.has('loaded'), 'a worker to be loaded');
    return worker;
  }

  async begin(): Promise<void> {
    this.child.send('begin');
    await eventually(() => this.said.has('begun'), 'a worker to begin');
  }

  /** Questions so far. */
  get questions(): number {
    return this.asked;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async answer({ id, name, args, attempt }: Question): Promise<void> {
    this.asked++;
    const [first] = args as [{ ref?: { execution_id: string }; execution_id?: string }];
    this.served.add(first.ref?.execution_id ?? first.execution_id ?? '');
    const activity = (this.activities as unknown as Record<string, Activity>)[name];
    const answer = await asAttempt(attempt, async () => activity?.(...args)).then(
      (result) => ({ id, result }),
      (error: unknown) => ({ id, error: told(error) }),
    );
    // Who was killed meanwhile hears nothing.
    if (this.child.connected) this.child.send(answer, () => undefined);
  }
}
