export type { CliCommand, CommandEntry } from "./command.js";
export { CliContext, type CliStreams, type CommonOptions } from "./context.js";
export { main } from "./main.js";
export { type RecordOptions, record } from "./record.js";
