export default {
  // Vite would take graphql's .mjs build where Node takes the .js one, and graphql refuses two of itself in one process.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["src/**/*.test.{ts,mjs}", "*/src/**/*.test.ts"],
    passWithNoTests: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
};
