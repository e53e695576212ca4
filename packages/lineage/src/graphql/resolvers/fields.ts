import { toGlobalId } from "../base/global-id.js";

/** Shows the property `name` of the source under the field's name. */
export const property =
  <Name extends string>(name: Name) =>
  (source: Readonly<Record<Name, unknown>>): unknown =>
    source[name];

/** The global id of a source of this type. */
export const globalId =
  (type: string) =>
  (source: { readonly id: string }): string =>
    toGlobalId(type, source.id);

/** Calls `totalCount` only when it is asked for; whether executors call functions by themselves differs. */
export const connectionFields = {
  totalCount: (connection: { readonly totalCount: () => unknown }): unknown => connection.totalCount(),
};
