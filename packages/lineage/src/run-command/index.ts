export type { RecordCommandOptions, RecordedCommand } from "./options.js";
export { recordCommand } from "./record-command.js";
