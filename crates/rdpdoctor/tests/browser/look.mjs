// Opens pages in a real Chromium and prints, as JSON, what is wrong with each: errors on the console, sideways
// overflow, and what axe finds; by width, in light and dark, and with scripts switched off.
//
// node look.mjs CHROMIUM SHOTS-FOLDER FILE...
import { pathToFileURL } from "node:url";
import path from "node:path";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [360, 768, 1280, 1920];
const [executablePath, shots, ...files] = process.argv.slice(2);
const wrong = [];
let looked = 0;

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// What makes the page so wide: the smallest part without which it is narrower.
function widest() {
  const whole = document.documentElement;
  const wide = whole.scrollWidth;
  const narrower = (one) => {
    const { display } = one.style;
    one.style.display = "none";
    const width = whole.scrollWidth;
    one.style.display = display;
    return width < wide;
  };
  const one = [...document.body.querySelectorAll("*")].findLast((one) => !one.closest("svg") && narrower(one));
  return one ? `${one.tagName} ${one.textContent.trim().slice(0, 80)}` : "several parts";
}

async function look(file) {
  const name = path.basename(file, ".html");
  for (const colorScheme of ["light", "dark"]) {
    // The page's own policy forbids scripts that are not its own; the look has to bring axe.
    const context = await browser.newContext({ colorScheme, bypassCSP: true });
    const page = await context.newPage();
    const say = (what) => wrong.push(`${name}, ${colorScheme}: ${what}`);
    page.on("console", (line) => { if (["error", "warning"].includes(line.type())) say(`console: ${line.text()}`); });
    page.on("pageerror", (error) => say(`script: ${error.message}`));
    page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) say(`asks the network: ${request.url()}`); });
    await page.goto(pathToFileURL(file).href);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const open of [false, true]) {
        await page.evaluate((open) => { for (const d of document.querySelectorAll("details")) d.open = open || d.open; }, open);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) say(`${over} pixels wider than ${width}: ${await page.evaluate(widest)}`);
      }
      looked += 1;
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
    for (const violation of found.violations) {
      say(`axe ${violation.id} (${violation.impact}): ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    }
    if (shots !== "-") await page.screenshot({ path: path.join(shots, `${name}-${colorScheme}.png`), fullPage: true });
    await page.setViewportSize({ width: 360, height: 800 });
    if (shots !== "-" && colorScheme === "light") await page.screenshot({ path: path.join(shots, `${name}-phone.png`), fullPage: true });
    // On paper nothing is cut off either.
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.setViewportSize({ width: 720, height: 1000 });
    const cut = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (cut > 0) say(`${cut} pixels are cut off on paper`);
    await context.close();
  }
  // Everything can be read and reached without a script and without a mouse.
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const text = await page.locator("body").innerText();
  if (text.trim().length < 100) wrong.push(`${name}: without scripts there is nothing to read`);
  const buttons = await page.locator("button:visible").count();
  if (buttons > 0) wrong.push(`${name}: without scripts ${buttons} buttons do nothing`);
  await context.close();
  // The keyboard reaches something visible.
  const keys = await browser.newContext();
  const tabbed = await keys.newPage();
  await tabbed.goto(pathToFileURL(file).href);
  const focusable = await tabbed.locator("a[href], button:visible, summary, [tabindex='0'], input").count();
  if (focusable > 0) {
    await tabbed.keyboard.press("Tab");
    const where = await tabbed.evaluate(() => document.activeElement?.tagName);
    if (!where || where === "BODY") wrong.push(`${name}: the tab key reaches nothing`);
  }
  await keys.close();
}
// A few at a time: most of the look is waiting.
const left = [...files];
await Promise.all(Array.from({ length: 4 }, async () => {
  for (let file = left.shift(); file; file = left.shift()) await look(file);
}));
await browser.close();
console.log(JSON.stringify({ looked, wrong: wrong.sort() }));
