// Evaluates features for users, offline, and prints which arm each was in and what was logged.
// usage: growthbook.mjs WORK.json, a list of { payload, features, users: { count, attributes } }
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(path.join(process.env.ABIDE_NPM, 'x.js'));
const { GrowthBook } = require('@growthbook/growthbook');

const log = [];
for (const level of ['error', 'warn', 'log', 'info', 'debug']) {
  console[level] = (...words) => { if (log.length < 5) log.push(words.map(String).join(' ')); };
}
const done = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')).map(({ payload, features, users }) => {
  log.length = 0;
  const tracked = {};
  const sdk = new GrowthBook({ trackingCallback: (experiment) => { tracked[experiment.key] = (tracked[experiment.key] ?? 0) + 1; } });
  sdk.initSync({ payload });
  const arms = [];
  for (let number = 0; number < users.count; number += 1) {
    sdk.setAttributes({ id: `u${number}`, ...users.attributes });
    arms.push(features.map((feature) => {
      const found = sdk.evalFeature(feature);
      return found.source === 'experiment' ? found.experimentResult.key : `out:${found.value}`;
    }));
  }
  return { arms, log: [...log], tracked };
});
process.stdout.write(JSON.stringify(done));
