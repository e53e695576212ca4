import type { PackageMigrations } from "@deepwright/store";
import { privacyMigration } from "./0001_privacy.js";

/** Everything that a database needs before budgets and keys are kept in it, oldest first. */
export const privacyMigrations: PackageMigrations = { package: "privacy", migrations: [privacyMigration] };
