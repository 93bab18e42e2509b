// Opens the KPI pages in a real browser: accessible, valid, readable on a phone, quiet.
const fs = require("fs");
const path = require("path");
const puppeteer = require("puppeteer-core");
const { AxePuppeteer } = require("@axe-core/puppeteer");
const { HtmlValidate } = require("html-validate");

const work = process.argv[2];
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "no-inline-style": "off", // positions of marks on a bar
    "long-title": "off",
    "no-trailing-whitespace": "off",
    "void-style": "off",
  },
});

async function faultsOf(browser, file) {
  const faults = [];
  const report = await validator.validateFile(file);
  for (const message of report.results.flatMap((result) => result.messages)) {
    faults.push(`html-validate: ${message.ruleId} at line ${message.line}: ${message.message}`);
  }
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 360]) {
      const page = await browser.newPage();
      page.on("dialog", (dialog) => { faults.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
      page.on("request", (request) => { if (!request.url().startsWith("file:")) faults.push(`a request: ${request.url()}`); });
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.goto(`file://${file}`);
      const { violations } = await new AxePuppeteer(page).analyze();
      faults.push(...violations.map((v) => `axe, ${scheme}, ${width} px: ${v.id}: ${v.nodes[0].html.slice(0, 120)}`));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${width} px: the page is ${wide} px too wide`);
      const touching = await page.evaluate(() => {
        const clash = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        const text = (label) => { const range = document.createRange(); range.selectNodeContents(label); return range.getBoundingClientRect(); };
        return [...document.querySelectorAll(".gauge")].filter((gauge) => {
          const boxes = [...gauge.querySelectorAll(".label")].map(text);
          return boxes.some((a, i) => boxes.slice(i + 1).some((b) => clash(a, b)));
        }).map((gauge) => gauge.getAttribute("aria-label"));
      });
      faults.push(...touching.map((label) => `${width} px: labels touch: ${label}`));
      const drawn = await page.evaluate(() => {
        const plots = [...document.querySelectorAll(".tree-plot")];
        const shown = plots.filter((plot) => plot.getBoundingClientRect().width > 0);
        const outside = shown.flatMap((plot) => [...plot.querySelectorAll("text")].filter((text) => {
          const inner = text.getBoundingClientRect();
          return ![...plot.querySelectorAll("rect")].some((rect) => {
            const outer = rect.getBoundingClientRect();
            return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom + 1;
          });
        })).map((text) => text.textContent);
        const list = [...document.querySelectorAll(".tree.instead")].some((list) => list.getBoundingClientRect().height > 0);
        return { plots: plots.length, shown: shown.length, outside, list };
      });
      if (drawn.plots > 0) {
        faults.push(...drawn.outside.map((words) => `${width} px: words leave their box: ${words}`));
        const whole = width > 700 ? drawn.shown === drawn.plots && !drawn.list : drawn.shown === 0 && drawn.list;
        if (!whole) faults.push(`${width} px: ${drawn.shown} of ${drawn.plots} drawings, list shown: ${drawn.list}`);
      }
      await page.close();
    }
  }
  return faults;
}

function expect(condition, words, more = []) {
  if (!condition) {
    console.error(`FAILED: ${words}\n${more.slice(0, 12).join("\n")}`);
    process.exit(1);
  }
  console.log(`ok: ${words}`);
}

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    for (const name of ["launch", "all", "hostile"]) {
      const faults = await faultsOf(browser, path.join(work, `${name}.html`));
      expect(faults.length === 0, `${name}.html: axe and html-validate find nothing, light and dark, 1280 and 360 px`, faults);
    }
    const page = await browser.newPage();
    await page.goto(`file://${path.join(work, "launch.html")}`);
    await page.pdf({ path: path.join(work, "launch.pdf"), format: "A4", tagged: true });
    expect(fs.statSync(path.join(work, "launch.pdf")).size > 10_000, "the page prints to a tagged PDF");
    // What is broken must be caught.
    const good = fs.readFileSync(path.join(work, "launch.html"), "utf8");
    const broken = path.join(work, "broken.html");
    fs.writeFileSync(broken, good.replace(/ role="img" aria-label="[^"]*"/, ' role="img"').replace("</h1>", '</h1><img src="http://127.0.0.1:9/x.png">'));
    const faults = await faultsOf(browser, broken);
    const burst = path.join(work, "burst.html");
    fs.writeFileSync(burst, good.replace(/(<text class="name"[^>]*>)/, "$1A name that is far too long for the box it stands in "));
    expect((await faultsOf(browser, burst)).some((f) => f.includes("words leave their box")), "words that leave their box in the tree are caught");
    expect(faults.some((f) => f.startsWith("axe")) && faults.some((f) => f.startsWith("html-validate")), "a bar without words and a picture without a text are caught");
  } finally {
    await browser.close();
  }
})();
