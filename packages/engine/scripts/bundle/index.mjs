/** How workflows with LangGraph in them are bundled: the engine's own at build time, a team's graphs by its worker. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const ZOD = ['zod', 'zod/v3', 'zod/v4', 'zod/v4/core', 'zod/v4-mini'];
const LANGSMITH = [
  'langsmith',
  'langsmith/run_trees',
  'langsmith/singletons/traceable',
  'langsmith/traceable',
  'langsmith/utils/jestlike',
];
const LANGGRAPH = ['@langchain/langgraph', '@langchain/langgraph/web'];
const EMPTY_MAP = Buffer.from(
  JSON.stringify({ version: 3, file: 'workflows.js', sources: [], names: [], mappings: '' }),
).toString('base64');
const GLOBAL = 'var __TEMPORAL__;';

export const quiet = {
  log() {},
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error: (message) => process.stderr.write(`${message}\n`),
};

const aliased = (names, file) => Object.fromEntries(names.map((name) => [`${name}$`, file]));

/** Unused code goes; names stay, so that an error's text and a stack can be read. */
export const treeShaken = (config) => ({
  ...config,
  mode: 'production',
  optimization: { minimize: false, moduleIds: 'named', concatenateModules: true, usedExports: true, sideEffects: true },
});

const inSandbox = (config, alias) => ({
  ...treeShaken(config),
  entry: [path('../../dist/workflow/polyfills.js'), ...[config.entry].flat()],
  module: {
    ...config.module,
    rules: [
      ...config.module.rules,
      {
        test: /@langchain[\\/]langgraph[\\/]dist[\\/]errors\.js$/,
        enforce: 'pre',
        use: [path('./langgraph-errors-loader.cjs')],
      },
    ],
  },
  resolve: {
    ...config.resolve,
    alias: { ...config.resolve.alias, ...aliased(LANGSMITH, path('./langsmith-stub.mjs')), ...alias },
  },
});

/** The engine's own graphs: their state is described without zod. */
export const withLangGraph = (config) => inSandbox(config, aliased(ZOD, path('./zod-stub.cjs')));

/**
 * A team's graphs: with zod, and with the very LangGraph of the engine, whichever entry they name.
 * @param modules by the name by which the workflow imports them, their files
 */
export const withTeamGraphs = (modules) => (config) => {
  const langgraph = createRequire(import.meta.url)
    .resolve('@langchain/langgraph/web')
    .replace(/\.cjs$/, '.js');
  const files = Object.entries(modules).map(([name, file]) => aliased([name], file));
  return inSandbox(config, Object.assign(aliased(LANGGRAPH, langgraph), ...files));
};

/** Temporal wants a source map; an empty one saves two thirds of the file, and nobody debugs bundled LangGraph by line. */
export const withoutMap = (code) =>
  `${code.replace(/\/\/# sourceMappingURL=data:application\/json[^\n]*\n?$/s, '')}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${EMPTY_MAP}`;

/** Temporal captures a stack a promise: without them a replay takes a third of the time. */
export function withoutStacks(code) {
  if (!code.includes(GLOBAL)) throw new Error(`The bundle does not declare "${GLOBAL}": the stack limit has no place`);
  return code.replace(GLOBAL, `Error.stackTraceLimit=0;${GLOBAL}`);
}
