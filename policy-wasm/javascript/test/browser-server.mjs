// A browser as an engine: `node browser-server.mjs BROWSER`. Serves one page, which decides what `browser-ask.mjs` sends
// here until stdin ends. The first line on stdout is the address.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, stdin } from "node:process";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const TYPES = { html: "text/html", js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

const here = new URL("./", import.meta.url);
const packaged = new URL("./", import.meta.resolve("@portcullis/policy/package.json"));

/** Questions that the page has not taken yet, the page's call for one, and who waits for an answer. */
const questions = [];
let page;
const waiting = new Map();
let asked = 0;

const routes = {
  "POST /ask": async (request, response) => {
    asked += 1;
    waiting.set(String(asked), response);
    questions.push({ number: asked, body: await bodyOf(request) });
    handOut();
  },
  "GET /question": (_, response) => {
    page = response;
    handOut();
  },
  "POST /answer": async (request, response) => {
    const { number, failed } = Object.fromEntries(new URL(request.url, "http://host").searchParams);
    waiting.get(number)?.writeHead(failed === undefined ? 200 : 500).end(await bodyOf(request));
    waiting.delete(number);
    response.end();
  },
};

function handOut() {
  if (page === undefined || questions.length === 0) return;
  const { number, body } = questions.shift();
  page.writeHead(200, { "x-number": number }).end(body);
  page = undefined;
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function file(path) {
  if (path === "/") return new URL("browser.html", here);
  if (path.startsWith("/package/")) return new URL(path.slice("/package/".length), packaged);
  return new URL(path.slice(1), here);
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://host");
  const route = routes[`${request.method} ${pathname}`];
  if (route !== undefined) return route(request, response);
  try {
    const contents = readFileSync(file(pathname));
    response.writeHead(200, { "content-type": TYPES[pathname.split(".").at(-1)] ?? "text/html" }).end(contents);
  } catch {
    response.writeHead(404).end();
  }
});

server.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  const profile = mkdtempSync(join(tmpdir(), "portcullis-browser-"));
  const browser = spawn(argv[2], [...FLAGS, `--user-data-dir=${profile}`, address], { stdio: "ignore" });
  const end = (code) => {
    browser.removeAllListeners();
    browser.once("close", () => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      process.exit(code);
    });
    browser.kill();
  };
  browser.once("error", (error) => fail(error.message));
  browser.once("close", (code) => fail(`the browser ended with code ${code}`));
  stdin.resume().once("end", () => end(0));
  console.log(address);
});

function fail(message) {
  console.error(message);
  process.exit(1);
}
