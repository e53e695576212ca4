// postgres: for the production database, file: for the embedded one. The driver is loaded only when an extract is made.
export async function openDatabase(url) {
  if (!url) throw new Error("DATABASE_URL is not set");
  const { openStore } = await import("@deepwright/store");
  return openStore(url);
}
