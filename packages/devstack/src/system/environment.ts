/** Reserved for this tool: an app has no use for an administrator's URL. */
const OURS = /^(AGF_|npm_)/;

/** This process' environment, without what is meant for the tool itself, with `more` on top. */
export function childEnvironment(more: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  return { ...Object.fromEntries(inherited), ...more };
}
