// Parses an adaptive card with Microsoft's own library and prints what it noticed and what it kept.
// usage: message.mjs CARD.json
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(path.join(process.env.ABIDE_NPM, 'x.js'));
console.warn = console.error = () => {};
const { AdaptiveCard, SerializationContext } = require('adaptivecards/dist/adaptivecards.js'); // its other files lack the endings that Node asks for
const context = new SerializationContext();
const card = new AdaptiveCard();
card.parse(JSON.parse(fs.readFileSync(process.argv[2], 'utf8')), context);
const events = [];
for (let at = 0; at < context.eventCount; at += 1) events.push(context.getEventAt(at).message);
for (const found of card.validateProperties().validationEvents) events.push(found.message);
process.stdout.write(JSON.stringify({ events, kept: card.toJSON() }));
