// Asks the browser's own modules, in Node: an index from a folder, questions as JSON on standard input, answers on standard output.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [scripts, folder] = process.argv.slice(2);
const fetched = [];
globalThis.fetch = async (url) => {
  fetched.push(String(url));
  try {
    return new Response(await readFile(new URL(url)));
  } catch {
    return new Response(null, { status: 404 });
  }
};
const { open } = await import(new URL("search.js", pathToFileURL(`${scripts}/`)));
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const index = await open(pathToFileURL(`${folder}/`).href);
const answers = [];
for (const { text, now, ...options } of JSON.parse(Buffer.concat(chunks).toString())) {
  fetched.length = 0;
  const start = performance.now();
  const answer = await index.find(text, { ...options, now: new Date(now) });
  answers.push({ ...answer, milliseconds: performance.now() - start, fetched: fetched.length });
}
process.stdout.write(JSON.stringify(answers));
