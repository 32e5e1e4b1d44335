// Looks words up in an index with the browser's own store: words and beginnings as JSON on standard input, what is there on standard output.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [scripts, folder] = process.argv.slice(2);
globalThis.fetch = async (url) => new Response(await readFile(new URL(url)));
const { Store } = await import(new URL("store.js", pathToFileURL(`${scripts}/`)));
const base = pathToFileURL(`${folder}/`).href;
const store = new Store(base, JSON.parse(await readFile(new URL("index.json", base))));
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { terms, beginnings, words } = JSON.parse(Buffer.concat(chunks).toString());
const found = { terms: {}, beginnings: {}, words: {} };
for (const term of terms) found.terms[term] = [(await store.term(term))?.count ?? 0, await store.isPart(term)];
for (const start of beginnings) found.beginnings[start] = (await store.termsFrom(start)).map(([term]) => term).sort();
for (const word of words) {
  const turned = [...word].reverse().join("");
  const both = [await store.wordsFrom("forward", word), await store.wordsFrom("backward", turned)];
  found.words[word] = both.map((list, n) => list.find(([other]) => other === [word, turned][n])?.[1] ?? 0);
}
process.stdout.write(JSON.stringify(found));
