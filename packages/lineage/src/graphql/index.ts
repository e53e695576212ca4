export { runChannel } from "../ingest/index.js";
export {
  type Connection,
  type ConnectionArguments,
  listConnection,
  pageConnection,
  pageSize,
} from "./base/connection.js";
export { entityId, fromGlobalId, type GlobalId, toGlobalId } from "./base/global-id.js";
export type { ScalarResolvers } from "./base/scalars.js";
export { baseSlice, type NodeSource, type SliceContexts } from "./base/slice.js";
export { baseTypeDefs } from "./base/type-defs.js";
export { withUserErrors } from "./base/user-errors.js";
export type { SliceOptions, SliceServices } from "./context.js";
export { lineageSlice, lineageTypeDefs } from "./slice.js";
