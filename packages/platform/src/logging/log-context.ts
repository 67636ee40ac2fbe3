import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields that every log line inside of a request, a consumed event or an activity carries. */
export interface LogFields {
  request_id?: string;
  tenant_id?: string;
  execution_id?: string;
  event_id?: string;
}

const storage = new AsyncLocalStorage<LogFields>();

/** Runs `fn`; every line logged in it carries `fields` and those around it. */
export const withLogFields = <T>(fields: LogFields, fn: () => T): T =>
  storage.run({ ...storage.getStore(), ...fields }, fn);

/** Adds to the fields of the request or event that is under way. */
export const addLogFields = (fields: LogFields): void => {
  const store = storage.getStore();
  if (store) Object.assign(store, fields);
};

export const logFields = (): LogFields => storage.getStore() ?? {};

/** Runs `fn` with the very same fields as before: what is added in it is seen by whoever holds them. */
export const continueLogFields = <T>(fields: LogFields, fn: () => T): T => storage.run(fields, fn);
