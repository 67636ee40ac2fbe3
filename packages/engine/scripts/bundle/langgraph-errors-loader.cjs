/** Temporal's shared context freezes Error, and LangGraph assigns Error.stackTraceLimit: drop those lines, and notice when they change. */
const EXPECTED = 2;

module.exports = function dropStackTraceLimit(source) {
  const found = source.match(/Error\.stackTraceLimit = /g)?.length ?? 0;
  if (found !== EXPECTED)
    throw new Error(
      `LangGraph's errors.js assigns Error.stackTraceLimit ${found} times, not ${EXPECTED}: check this loader`,
    );
  return source.replace(/^\s*Error\.stackTraceLimit = .*$/gm, '');
};
