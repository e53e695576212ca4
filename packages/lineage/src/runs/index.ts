export { sqlRunService } from "./run-service.js";
