export { checkFactBody, checkText } from "./check-event.js";
export { Ingester } from "./ingester.js";
export { limits } from "./limits.js";
export { runChannel } from "./write-plan.js";
