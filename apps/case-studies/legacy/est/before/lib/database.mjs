import { openStore } from "@deepwright/store";

// postgres: for the production database, file: for the embedded one.
export async function openDatabase(url) {
  if (!url) throw new Error("DATABASE_URL is not set");
  return openStore(url);
}
