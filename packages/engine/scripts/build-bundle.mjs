/** Bundles the compiled workflows (dist/workflow) at build time; workers start from the files. Run after tsc. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const ZOD = ['zod', 'zod/v3', 'zod/v4', 'zod/v4/core', 'zod/v4-mini'];
const LANGSMITH = [
  'langsmith',
  'langsmith/run_trees',
  'langsmith/singletons/traceable',
  'langsmith/traceable',
  'langsmith/utils/jestlike',
];
const EMPTY_MAP = Buffer.from(JSON.stringify({ version: 3, sources: [], names: [], mappings: '' })).toString('base64');
const GLOBAL = 'var __TEMPORAL__;';

const quiet = {
  log() {},
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error: (message) => process.stderr.write(`${message}\n`),
};

const stubbed = (names, stub) => Object.fromEntries(names.map((name) => [`${name}$`, path(stub)]));

/** Unused code goes; names stay, so that an error's text and a stack can be read. */
const treeShaken = (config) => ({
  ...config,
  mode: 'production',
  optimization: { minimize: false, moduleIds: 'named', concatenateModules: true, usedExports: true, sideEffects: true },
});

const withLangGraph = (config) => ({
  ...treeShaken(config),
  entry: [path('../dist/workflow/polyfills.js'), ...[config.entry].flat()],
  module: {
    ...config.module,
    rules: [
      ...config.module.rules,
      {
        test: /@langchain[\\/]langgraph[\\/]dist[\\/]errors\.js$/,
        enforce: 'pre',
        use: [path('./bundle/langgraph-errors-loader.cjs')],
      },
    ],
  },
  resolve: {
    ...config.resolve,
    alias: {
      ...config.resolve.alias,
      ...stubbed(LANGSMITH, './bundle/langsmith-stub.mjs'),
      ...stubbed(ZOD, './bundle/zod-stub.cjs'),
    },
  },
});

/** Temporal wants a source map; an empty one saves two thirds of the file, and nobody debugs bundled LangGraph by line. */
const withoutMap = (code) =>
  `${code.replace(/\/\/# sourceMappingURL=data:application\/json[^\n]*\n?$/s, '')}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${EMPTY_MAP}`;

/** Temporal captures a stack a promise: without them a replay takes a third of the time. */
function withoutStacks(code) {
  if (!code.includes(GLOBAL)) throw new Error(`The bundle does not declare "${GLOBAL}": the stack limit has no place`);
  return code.replace(GLOBAL, `Error.stackTraceLimit=0;${GLOBAL}`);
}

async function build(entry, hook) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path(`../dist/workflow/${entry}.js`),
    logger: quiet,
    webpackConfigHook: hook,
  });
  return withoutMap(code);
}

const write = (name, code) => writeFileSync(path(`../dist/${name}`), code);
const [graph, approval] = await Promise.all([
  build('graph-bundle-entry', withLangGraph),
  build('approval-bundle-entry', treeShaken),
]);
write('graph-bundle.js', withoutStacks(graph));
write('graph-bundle.stacks.js', graph);
write('approval-bundle.js', approval);
