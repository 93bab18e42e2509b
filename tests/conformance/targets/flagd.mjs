// Evaluates flags for users, offline, and prints which arm each was in and what was logged.
// usage: flagd.mjs WORK.json, { config, flags, populations: [{ count, attributes, members, known }] }
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(path.join(process.env.ABIDE_NPM, 'x.js'));
const { FlagdCore } = require('@openfeature/flagd-core');

const log = [];
const write = (...words) => { if (log.length < 5) log.push(words.map(String).join(' ')); };
const logger = { error: write, warn: write, info: write, debug: write };
const { config, flags, populations } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let core;
try {
  core = new FlagdCore(undefined, logger);
  core.setConfigurations(JSON.stringify(config));
} catch (error) {
  write(error.message);
}
const start = [...log];
const done = populations.map(({ count, attributes, members, known }) => {
  log.length = 0;
  log.push(...start);
  const bots = new Set(members);
  const arms = [];
  for (let number = 0; number < count; number += 1) {
    const context = { ...attributes, ...(known ? { targetingKey: `u${number}` } : {}), ...(bots.has(number) ? { bots: true } : {}) };
    arms.push(flags.map((flag) => {
      const found = core.resolveStringEvaluation(flag, 'nothing', context, logger);
      return { TARGETING_MATCH: found.variant, DEFAULT: 'out' }[found.reason] ?? found.reason;
    }));
  }
  return { arms, log: [...log] };
});
process.stdout.write(JSON.stringify(done));
