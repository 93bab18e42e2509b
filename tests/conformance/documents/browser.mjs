// Documents in a browser: accessible, narrow, without scripts, with sliders, and deaf to hostile text.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [, , root, work, ...specs] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const fault = (name, words) => faults.push(`${name}: ${words}`);
const browser = await puppeteer.launch({
  executablePath: process.env.ABIDE_BROWSER,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A page with everything noted that it should not do. */
async function open(name, file, { width = 1280, scheme = "light", script = true } = {}) {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.on("dialog", (dialog) => { fault(name, `opens a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", (error) => fault(name, `fails: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") fault(name, `complains: ${message.text()}`); });
  page.on("request", (request) => { if (request.url() !== `file://${file}`) fault(name, `asks for ${request.url()}`); });
  await page.goto(`file://${file}`);
  return page;
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary?.slice(0, 200)}`);
}

// axe must find fault with a page that has some.
const broken = join(work, "broken-axe.html");
writeFileSync(broken, "<html><body><img src='data:,'><p style='color:#ccc;background:#fff'>pale</p></body></html>");
const bad = await browser.newPage();
await bad.goto(`file://${broken}`);
if ((await violations(bad)).length === 0) fault("axe", "finds nothing wrong with a broken page: it proves nothing");
await bad.close();

/** What `abide plan` answers at one position of the sliders. */
function planned(name, settings) {
  const flags = settings.flatMap(([path, value]) => ["--what-if", `${path}=${value}`]);
  const text = execFileSync(process.env.ABIDE, ["plan", "-q", "--as-of", "2026-12-14", "--format", "json", join(root, "specs", `${name}.toml`), ...flags], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const plan = JSON.parse(text);
  return { total: plan.sample_size?.total, days: plan.duration?.days };
}

/** A value of a slider as a spec writes it. */
function written(words) {
  const text = words.replace(/\u00a0/g, " ");
  const number = Number(text.replace(/,/g, "").match(/^[0-9.]+/)[0]);
  if (text.endsWith("%") || text.endsWith("pp")) return String(Number((number / 100).toPrecision(12)));
  return String(number);
}

let positions = 0;
async function slide(name, page) {
  const sliders = await page.$$eval("[data-explorer] input", (inputs) => inputs.map((i) => ({ id: i.id, path: i.title, last: Number(i.max) })));
  if (sliders.length === 0) return;
  // The ends, and a walk through the middle.
  const tries = [sliders.map(() => 0), sliders.map((s) => s.last), ...[1, 2, 3, 4].map((n) => sliders.map((s, axis) => (n * (axis + 2)) % (s.last + 1)))];
  for (const position of tries) {
    const shown = await page.evaluate((position) => {
      const inputs = [...document.querySelectorAll("[data-explorer] input")];
      inputs.forEach((input, axis) => { input.value = position[axis]; input.dispatchEvent(new Event("input")); });
      return {
        values: inputs.map((input) => input.previousElementSibling.querySelector("output").textContent),
        answers: [...document.querySelectorAll("[data-explorer] [data-answer]")].map((answer) => answer.textContent),
      };
    }, position);
    const settings = sliders.map((slider, axis) => [slider.path, written(shown.values[axis])]);
    const plan = planned(name, settings);
    const count = (words) => Number(words.replace(/,/g, "").match(/^[0-9]+/)?.[0]);
    if (count(shown.answers[0]) !== plan.total) fault(name, `shows ${shown.answers[0]} at ${JSON.stringify(settings)}; abide plan says ${plan.total}`);
    if (plan.days !== undefined && shown.answers.length > 2 && count(shown.answers[1]) !== plan.days) fault(name, `shows ${shown.answers[1]} at ${JSON.stringify(settings)}; abide plan says ${plan.days} days`);
    positions += 1;
  }
}

/** Text that is too small to read, as it is drawn: a scaled chart scales its text. And blocks beside the column of text. */
function misplaced() {
  const faults = [];
  const isText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  for (const e of document.querySelectorAll("body *")) {
    if (!isText(e) || e.getClientRects().length === 0) continue;
    const scale = e instanceof SVGGraphicsElement ? e.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(e).fontSize) * scale;
    const least = e instanceof SVGElement ? 11.9 : 11;
    if (size < least) faults.push(`has text of ${size.toFixed(1)} px: ${e.textContent.trim().slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll("main figure, main table, main .facts")) {
    const section = e.closest(".section");
    if (!section || e.getClientRects().length === 0) continue;
    const beside = e.getBoundingClientRect().left - section.getBoundingClientRect().left;
    if (beside > 40) faults.push(`has a block ${beside.toFixed(0)} px beside its column: ${e.textContent.trim().slice(0, 40)}`);
  }
  return faults;
}

for (const name of specs) {
  for (const depth of ["default", "brief"]) {
    const file = join(work, `${name}.${depth}.html`);
    const label = `${name}, ${depth}`;
    for (const scheme of ["light", "dark"]) {
      const page = await open(label, file, { scheme });
      for (const words of await violations(page)) fault(`${label}, ${scheme}`, `axe: ${words}`);
      if (scheme === "light") await slide(name, page);
      await page.close();
    }
    const narrow = await open(label, file, { width: 360 });
    const width = await narrow.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) fault(label, `is ${width} px wide on a screen of 360`);
    await narrow.close();
    for (const width of [360, 700, 1100, 1280, 1680]) {
      const page = await open(label, file, { width });
      for (const words of await page.evaluate(misplaced)) fault(`${label} at ${width} px`, words);
      await page.close();
    }
    const paper = await open(label, file, { width: 700 });
    await paper.emulateMediaType("print");
    const apart = await paper.$$eval(".pair", (pairs) => pairs.filter(({ children: [one, other] }) => Math.abs(one.getBoundingClientRect().top - other.getBoundingClientRect().top) > 2).length);
    if (apart > 0) fault(label, `prints ${apart} pairs beneath each other that belong side by side`);
    await paper.close();
    const still = await open(label, file, { script: false });
    const seen = await still.$$eval("[data-explorer] .controls", (parts) => parts.filter((part) => part.getClientRects().length).length);
    if (seen > 0) fault(label, "shows sliders that nothing moves when scripts are off");
    const sections = await still.$$eval("main section", (parts) => parts.length);
    if (sections === 0) fault(label, "is empty without scripts");
    await still.close();
  }
}

const hostile = join(work, "hostile.html");
for (const [width, scheme] of [[1280, "light"], [360, "dark"]]) {
  const page = await open("hostile", hostile, { width, scheme });
  const state = await page.evaluate(() => ({
    hit: window.hit,
    scripts: [...document.scripts].map((script) => script.type),
    foreign: document.querySelectorAll("iframe, object, embed, link, form, img, base, meta[http-equiv=refresh], [onload], [onerror], a[href^='javascript:']").length,
    wide: document.documentElement.scrollWidth > window.innerWidth,
    title: document.querySelector("h1").textContent,
  }));
  if (state.hit !== undefined) fault("hostile", `a script of the spec ran: ${state.hit}`);
  if (state.scripts.some((type) => type !== "" && type !== "application/json") || state.scripts.length > 2) fault("hostile", `has scripts: ${state.scripts}`);
  if (state.foreign > 0) fault("hostile", `has ${state.foreign} elements of the spec's own`);
  if (state.wide) fault("hostile", `scrolls sideways at ${width} px`);
  if (!state.title.startsWith("<script>")) fault("hostile", `does not show its title as text: ${state.title}`);
  for (const words of await violations(page)) fault(`hostile, ${scheme}`, `axe: ${words}`);
  await page.close();
}
await browser.close();
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`browser: ${specs.length} specs are clean in light and dark, at 360 px and without scripts; sliders agree with abide plan at ${positions} positions; hostile text stays text`);
