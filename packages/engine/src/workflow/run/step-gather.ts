import type { StepView } from '../graph/build-graph.js';
import type { NextStepCommit, NodeResult } from '../plan/step.js';

interface Gathering {
  results: NodeResult[];
  settled: Promise<NextStepCommit>;
  resolve: (commit: NextStepCommit) => void;
  reject: (error: unknown) => void;
}

function gathering(): Gathering {
  const g = { results: [] as NodeResult[] } as Gathering;
  g.settled = new Promise<NextStepCommit>((resolve, reject) => {
    g.resolve = resolve;
    g.reject = reject;
  });
  return g;
}

/** Holds a step's nodes back until all have ended, then commits their results as one. */
export class StepGather {
  private readonly steps = new Map<number, Gathering>();

  constructor(private readonly commit: (view: StepView, results: NodeResult[]) => NextStepCommit) {}

  /** @throws what `commit` throws, at every node of the step */
  async arrive(view: StepView, result: NodeResult): Promise<NextStepCommit & { lead: boolean }> {
    const { step, due } = view.book;
    const gathered = this.steps.get(step) ?? gathering();
    this.steps.set(step, gathered);
    gathered.results.push(result);
    if (gathered.results.length === Object.keys(due).length) {
      this.steps.delete(step);
      try {
        gathered.resolve(this.commit(view, gathered.results));
      } catch (error) {
        gathered.reject(error);
      }
    }
    const commit = await gathered.settled;
    return { ...commit, lead: result.node === Object.keys(due)[0] };
  }
}
