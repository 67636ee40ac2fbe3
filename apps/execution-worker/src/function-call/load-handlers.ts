import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NAME_PATTERN } from '@aumos/agf-domain';
import type { AnyHandler, Handlers } from '@aumos/agf-node-worker';
import { SettingsError } from '@aumos/agf-platform';

/** A path is one of this process' working directory; other names are packages. */
const urlOf = (specifier: string): string =>
  specifier.startsWith('.') || isAbsolute(specifier) ? pathToFileURL(resolve(specifier)).href : specifier;

const isHandler = (value: unknown): value is AnyHandler =>
  typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function';

/** What the modules export as `handlers`, together. @throws SettingsError naming all that is wrong with them */
export async function loadHandlers(specifiers: readonly string[]): Promise<Handlers> {
  const problems: string[] = [];
  const found = new Map<string, AnyHandler>();
  for (const specifier of specifiers) {
    const problem = (text: string): void => void problems.push(`AUMOS_AGF_HANDLER_MODULES: ${specifier}: ${text}`);
    const exported = await exportedBy(specifier, problem);
    for (const [name, handler] of Object.entries(exported)) {
      if (!NAME_PATTERN.test(name)) problem(`"${name}" is no name of a handler`);
      else if (found.has(name)) problem(`the handler "${name}" is there already`);
      else if (!isHandler(handler)) problem(`"${name}" was not made by defineHandler`);
      else found.set(name, handler);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.fromEntries(found);
}

async function exportedBy(specifier: string, problem: (text: string) => void): Promise<object> {
  try {
    const module = (await import(urlOf(specifier))) as { handlers?: unknown };
    if (typeof module.handlers === 'object' && module.handlers !== null) return module.handlers;
    problem('exports no handlers');
  } catch (error) {
    problem(`cannot be loaded: ${(error as Error).message}`);
  }
  return {};
}
