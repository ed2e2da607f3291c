/** All texts, in the language of the page. */
import { engine as deEngine } from './de/engine.js';
import { page as dePage } from './de/page.js';
import { engine as enEngine } from './en/engine.js';
import { page as enPage } from './en/page.js';
import { language } from './language.js';

const WORDS = {
  en: { page: enPage, engine: enEngine },
  de: { page: dePage, engine: deEngine },
};

/** {page, engine} */
export const words = WORDS[language];
