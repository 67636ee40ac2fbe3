import { Secret } from './secret.js';
import { type Environment, readVariable, type Setting, SETTINGS_PREFIX } from './setting.js';
import { SettingsError } from './settings-error.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the value types differ a setting
export type SettingsDefinition = Readonly<Record<string, Setting<any>>>;
export type Settings<D extends SettingsDefinition> = {
  readonly [K in keyof D]: D[K] extends Setting<infer T> ? T : never;
};

/**
 * Declares what an app reads: `defineSettings({ ...httpSettings, ...databaseSettings, mine: setting.int('MINE', …) })`.
 * @throws when two of them share a variable
 */
export function defineSettings<const D extends SettingsDefinition>(definition: D): Readonly<D> {
  const names = new Set<string>();
  for (const each of Object.values(definition)) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(each.name)) throw new Error(`the setting's name ${each.name} is not upper case`);
    if (names.has(each.name)) throw new Error(`two settings are called ${each.name}`);
    names.add(each.name);
  }
  return Object.freeze({ ...definition });
}

interface Found {
  variable: string;
  raw: string;
}

function find(each: SettingsDefinition[string], env: Environment): Found | undefined {
  const own = readVariable(env, SETTINGS_PREFIX + each.name);
  if (own !== undefined) return { variable: SETTINGS_PREFIX + each.name, raw: own };
  for (const fallback of each.fallbacks) {
    const raw = fallback.read(env);
    if (raw !== undefined) return { variable: fallback.shown, raw };
  }
  return undefined;
}

/**
 * Reads, checks and freezes the settings.
 * @throws SettingsError that lists every problem at once; values of URLs and secrets are not repeated in it
 */
export function loadSettings<D extends SettingsDefinition>(definition: D, env: Environment): Settings<D> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(definition)) {
    const found = find(each, env);
    if (found === undefined) {
      if (each.required) problems.push(missing(each));
      values[key] = each.defaultValue as unknown;
      continue;
    }
    try {
      values[key] = each.parse(found.raw) as unknown;
    } catch (error) {
      const got = each.sensitive ? '' : `, got ${JSON.stringify(found.raw.slice(0, 60))}`;
      problems.push(`${found.variable}: ${(error as Error).message}${got}`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(values) as Settings<D>;
}

function missing(each: SettingsDefinition[string]): string {
  const others = each.fallbacks.map((fallback) => ` or ${fallback.shown}`).join('');
  return `${SETTINGS_PREFIX}${each.name}${others}: missing, expected ${each.allowed} (${each.description})`;
}

/** The texts no log may hold: secrets, and the passwords inside URLs. */
export function secretTexts(settings: Readonly<Record<string, unknown>>): string[] {
  const texts = Object.values(settings).flatMap((value) => {
    if (value instanceof Secret) return [value.reveal(), ...value.reveal().split(',')];
    if (typeof value !== 'string' || !URL.canParse(value)) return [];
    const { password } = new URL(value);
    return [password, safeDecode(password)];
  });
  return [...new Set(texts)].filter((text) => text.length >= 6);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
