// Prints the schemas by which an Unleash server reads an import and writes what SDKs fetch.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const spec = path.join(process.env.ABIDE_NPM, 'node_modules/unleash-server/dist/lib/openapi/spec');
const found = {};
for (const [file, name] of [['import-toggles-schema', 'importTogglesSchema'], ['client-features-schema', 'clientFeaturesSchema']]) {
  found[name] = (await import(pathToFileURL(path.join(spec, `${file}.js`))))[name];
}
process.stdout.write(JSON.stringify(found));
