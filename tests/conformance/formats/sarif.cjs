// Validates a SARIF log with the schema and the validator that @microsoft/jest-sarif uses, and proves that both refuse a
// broken one.
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");

const root = path.dirname(require.resolve("@microsoft/jest-sarif/package.json"));
const schema = JSON.parse(fs.readFileSync(path.join(root, "lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
const ajv = new Ajv({ schemaId: "auto", allErrors: true, unknownFormats: "ignore", format: false, logger: false });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
// Its patterns for languages are no regular expressions; abide writes no languages.
for (const name of ["run", "toolComponent"]) delete schema.definitions[name].properties.language.pattern;
const validate = ajv.compile(schema);

const log = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
if (!validate(log)) {
  console.error(ajv.errorsText(validate.errors, { separator: "\n" }));
  process.exit(1);
}
const broken = JSON.parse(JSON.stringify(log));
broken.runs[0].results[0].level = "advice";
if (validate(broken)) {
  console.error("the validator accepts a wrong level: it proves nothing");
  process.exit(1);
}
console.log(`SARIF: ${log.runs[0].results.length} results, valid; a wrong level is refused`);
