import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { type CheckOptions, checkContractFile } from "../contracts/check-contract-file.js";
import { compareContractFiles } from "../contracts/compare-contract-files.js";
import { type ExportOptions, exportContract } from "../contracts/export-contract.js";
import { type ImportOptions, importContract } from "../contracts/import-contract.js";

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    const engine = cli.streams.environment.DEEPWRIGHT_ENGINE;
    const address = engine === undefined || engine === "" ? "duckdb" : engine;
    const withData = (command: Command): Command =>
      command
        .option("--engine <address>", "duckdb, duckdb:PATH, postgres://... or sc://host:port", address)
        .option("--data <object=file>", "the data of an object of the contract (repeatable)", collect, [])
        .option("--tables", "objects without --data are tables of the engine");
    withData(program.command("check").description("check a contract against the standard, and data against it"))
      .argument("<contract>", "a contract of the Open Data Contract Standard 3, YAML or JSON")
      .option("--strict", "exit with 1 where the contract says something of the data that nobody tests")
      .action((file: string, options: CheckOptions) => checkContractFile(file, options, cli));
    withData(program.command("import").description("write the objects of a contract as suite files"))
      .argument("<contract>", "a contract of the Open Data Contract Standard 3, YAML or JSON")
      .option("--out <folder>", "where suite files go", ".")
      .action((file: string, options: ImportOptions) => importContract(file, options, cli));
    program
      .command("export")
      .description("write a suite file as a contract, with the columns of its data")
      .argument("<suite>", "a file *.suite.{yaml,yml,json,js,mjs}")
      .option("--engine <address>", "duckdb, duckdb:PATH, postgres://... or sc://host:port", address)
      .option("--out <file>", "write it there (default: print it)")
      .option("--base <contract>", "a former version, whose team, price and the like are kept")
      .option("--id <id>", "default: that of the former version, else the suite's name")
      .option("--set-version <version>", "default: the one that the changes need, or 1.0.0")
      .option("--no-columns", "write no columns that the suite does not speak of, and open no data")
      .action((file: string, options: ExportOptions) => exportContract(file, options, cli));
    program
      .command("diff")
      .description("compare two versions of a contract; exit with 1 where the version number hides a change")
      .argument("<before>", "the version before")
      .argument("<after>", "the version after")
      .action((before: string, after: string) => compareContractFiles(before, after, cli));
  },
};
