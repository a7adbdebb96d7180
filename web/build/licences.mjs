// Writes licences.txt: the terms of all that the built page contains of others.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const kContained = ["bootstrap", "@fontsource-variable/fraunces", "@fontsource-variable/inter"];

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node licences.mjs FOLDER");
  process.exit(2);
}
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const parts = kContained.map((name) => {
  const path = join(modules, name);
  const { version } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} comes without its licence`);
  return `${name} ${version}\n\n${readFileSync(join(path, file), "utf8").trim()}\n`;
});
writeFileSync(join(folder, "licences.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
