/** Every setting's environment variable starts with it. */
export const SETTINGS_PREFIX = 'AUMOS_AGF_';

export type SettingType = 'string' | 'url' | 'int' | 'number' | 'bool' | 'enum' | 'secret' | 'list';
export type Environment = Readonly<Record<string, string | undefined>>;

/** A platform-wide name that is read where the own one is not set. */
export interface Fallback {
  /** how the page of settings shows it */
  readonly shown: string;
  read(env: Environment): string | undefined;
}

/** One setting: where it is read from and what it means. Make it by `setting.*`. */
export interface Setting<T> {
  /** without the prefix, upper case */
  readonly name: string;
  readonly type: SettingType;
  readonly description: string;
  readonly fallbacks: readonly Fallback[];
  /** what a value must be, in words */
  readonly allowed: string;
  readonly required: boolean;
  /** undefined: none. As it would be written in the environment. */
  readonly defaultText: string | undefined;
  readonly defaultValue: T;
  /** its value is never shown, not even in an error */
  readonly sensitive: boolean;
  /** @throws Error whose message says what was expected and never repeats the value */
  parse(raw: string): T;
}

/** An empty variable counts as one that is not set: compose files and charts write them so. */
export const readVariable = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
};

export const variable = (name: string): Fallback => ({ shown: name, read: (env) => readVariable(env, name) });
