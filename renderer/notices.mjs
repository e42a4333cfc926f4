/** Writes notices.json: the packages that the pages and programs are made of, with their licences. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Development packages that leave nothing in what is built. */
const tools =
  /^(@types\/|@testing-library\/|@axe-core\/|@vitejs\/|@playwright\/|electron(-vite|-builder)?$|esbuild$|eslint$|fast-check$|happy-dom$|playwright(-core)?$|prettier$|typescript(-eslint)?$|vite$|vitest$)/;

/** @param {string} root the project's folder @param {string} file where they are written */
export function writeNotices(root, file) {
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const wanted = [
    ...Object.keys(own.dependencies),
    ...Object.keys(own.devDependencies).filter((name) => !tools.test(name)),
  ].map((name) => ({ name, from: '' }));
  const found = new Map();
  for (const { name, from } of wanted) {
    const place = placeOf(packages, name, from);
    if (place === undefined || found.has(place)) continue;
    found.set(place, noticeOf(root, place, name, packages[place]));
    const { dependencies = {}, peerDependencies = {} } = packages[place];
    for (const next of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (!tools.test(next)) wanted.push({ name: next, from: place });
    }
  }
  const notices = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(file, JSON.stringify(notices));
}

/** Where a package lies that another one asks for: the nearest folder up, as Node finds it. */
function placeOf(packages, name, from) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (folder === '') return undefined;
  }
}

function noticeOf(root, place, name, { version, license }) {
  const folder = path.join(root, place);
  let text = '';
  try {
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying|notice)(\.|$)/i.test(entry));
    if (file !== undefined) text = readFileSync(path.join(folder, file), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return { name, version, licence: license ?? 'not stated', text };
}
