export default {
  test: {
    include: ["src/**/*.test.{ts,mjs}", "*/src/**/*.test.ts"],
    passWithNoTests: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
};
