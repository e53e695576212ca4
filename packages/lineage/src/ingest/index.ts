export { checkFactBody, checkText } from "./check-event.js";
export { Ingester } from "./ingester.js";
export { limits } from "./limits.js";
export { fingerprintHash } from "./write/datasets.js";
export { runChannel } from "./write-plan.js";
