/** Settings: which server this is, what it knows, and what it recorded about this browser. */
import { clone, parts, setText } from './dom.js';
import { texts } from './texts.js';
import { witnessPanel } from './witness-panel.js';

export function serverSection(actions) {
  const element = clone('settings-server');
  const view = parts(element);
  const witness = witnessPanel(actions);
  view.witness.replaceWith(witness.element);
  view.knows.append(...texts.knows.map(fact));
  view.knowsNot.append(...texts.knowsNot.map(fact));

  function update({ dialog, server }) {
    setText(view.host, server?.host);
    setText(view.fingerprint, server?.fingerprint);
    witness.update(dialog.witness ?? null);
  }

  return { element, update };
}

function fact(text) {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}
