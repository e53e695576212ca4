export { callService, checkedService, type LineageServices, remoteService, serviceInputs } from "./services.js";
