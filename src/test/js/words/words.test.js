/** The texts of all languages: the same ones, each complete. */
import { assert, assertEquals, test } from '../harness.js';
import { LANGUAGES, languageFor } from '/words/language.js';

const ROOM = '/words';
const FIRST = Object.keys(LANGUAGES)[0];
const PART = /^import \{[^}]*\}\s+from '\.\/([a-z-]+\.js)';$/gm;

/** What a text is: its path, whether it holds values, and which. */
function formOf(value, path) {
  if (typeof value === 'string') {
    assert(value.trim() !== '', `${path} is empty`);
    return [`${path} ${[...new Set(value.match(/\{\w+\}/g) ?? [])].sort().join()}`];
  }
  if (typeof value === 'function') return [`${path} of ${value.length}`];
  if (Array.isArray(value)) {
    assert(value.every(one => typeof one === 'string' && one.trim() !== ''), path);
    return [`${path} list of ${value.length}`];
  }
  return Object.entries(value).flatMap(([key, one]) => formOf(one, `${path}.${key}`));
}

async function formsIn(language) {
  const { page } = await import(`${ROOM}/${language}/page.js`);
  const { engine } = await import(`${ROOM}/${language}/engine.js`);
  return [...formOf(page, 'page'), ...formOf(engine, 'engine')].sort();
}

/** The files that one puts together. @returns {Promise<object[]>} what each exports */
async function partsOf(path) {
  const source = await (await fetch(path)).text();
  const folder = path.slice(0, path.lastIndexOf('/'));
  return Promise.all([...source.matchAll(PART)].map(([, name]) => import(`${folder}/${name}`)));
}

test('everyLanguageHasTheSameTextsOfTheSameForm', async () => {
  const first = await formsIn(FIRST);
  assert(first.length > 500);
  for (const language of Object.keys(LANGUAGES)) {
    const forms = await formsIn(language);
    assertEquals([], first.filter(form => !forms.includes(form)), `missing in ${language}`);
    assertEquals([], forms.filter(form => !first.includes(form)), `only in ${language}`);
  }
});

/** Parts are spread into one object, so that of two texts with one name the first would be lost. */
test('everyTextOfThePageHasOnePlace', async () => {
  for (const language of Object.keys(LANGUAGES)) {
    const path = `${ROOM}/${language}/page.js`;
    const parts = (await partsOf(path)).map(part => Object.values(part)[0]);
    assert(parts.length > 5);
    const keys = parts.flatMap(part => Object.keys(part));
    assertEquals([], keys.filter((key, place) => keys.indexOf(key) !== place), language);
    const { page } = await import(path);
    for (const part of parts) {
      for (const [key, text] of Object.entries(part)) {
        assert(page[key] === text, `${language}: ${key} has a second place in page.js`);
      }
    }
  }
});

test('languageIsTheChosenOneElseTheFirstThatTheBrowserNames', () => {
  const of = (chosen, ...preferred) => Object.values(languageFor(chosen, preferred));
  assertEquals(['en', 'en-GB'], of('browser', 'en-GB', 'de'));
  assertEquals(['en', 'en'], of('browser', 'fr-FR', 'ja'));
  assertEquals(['en', 'en'], of('browser'));
  assertEquals(['en', 'en'], of('constructor', 'fr'));
  assertEquals(['en', 'en'], of('browser', 'en@posix', 'xx'));
});
