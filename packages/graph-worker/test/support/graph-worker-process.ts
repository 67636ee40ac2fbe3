import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testStack } from '@aumos/agf-testing';
import type { Team } from './team.js';

/** A team's worker that a test may kill. */
export class GraphWorkerProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async open(team: Team): Promise<GraphWorkerProcess> {
    const { temporal, temporal_namespace } = testStack();
    const file = join(tmpdir(), `${team.name}.graphs.js`);
    if ('code' in team.bundle) writeFileSync(file, team.bundle.code);
    const child = spawn(process.execPath, [fileURLToPath(new URL('./killable-graph-worker.mjs', import.meta.url))], {
      env: { ...process.env, TEMPORAL: temporal, NAMESPACE: temporal_namespace, TEAM: team.name, BUNDLE: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout) await once(child.stdout, 'data');
    return new GraphWorkerProcess(child);
  }

  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
