export { openWorkshop, type ProofChoice, type Workshop, type WorkshopOptions } from "./est/workshop.js";
