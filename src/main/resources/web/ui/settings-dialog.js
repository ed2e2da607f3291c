/**
 * The settings: one section at a time, chosen from a list beside it, or on a small screen before it.
 */
import { accountSection } from './account-section.js';
import { devicesSection } from './devices-section.js';
import { clone, parts, setAttribute, setText } from './dom.js';
import { generalSection } from './general-section.js';
import { historySection } from './history-section.js';
import { notificationsSection } from './notifications-section.js';
import { passwordSection } from './password-section.js';
import { privacySection } from './privacy-section.js';
import { reconcile } from './reconcile.js';
import { recoverySection } from './recovery-section.js';
import { serverSection } from './server-section.js';
import { texts } from './texts.js';

const sections = {
  general: generalSection,
  privacy: privacySection,
  notifications: notificationsSection,
  devices: devicesSection,
  password: passwordSection,
  recovery: recoverySection,
  history: historySection,
  server: serverSection,
  account: accountSection,
};

export function settingsDialog(actions) {
  const element = clone('settings');
  const view = parts(element);
  let shown = null;
  let content = null;
  let said = null;

  view.back.addEventListener('click', () => {
    const left = shown;
    actions.showSection(null);
    queueMicrotask(() => tabOf(left).focus());
  });

  function tabOf(name) {
    return view.sections.children[Object.keys(sections).indexOf(name)].firstElementChild;
  }

  function heading() {
    return content.element.querySelector('h3');
  }

  /** A section is made anew each time, so that no password stays in a box that is out of sight. */
  function showSection(name, chosen) {
    const moved = shown !== null && chosen;
    shown = name;
    content = sections[name](actions);
    view.section.replaceChildren(content.element);
    if (moved) heading().focus();
  }

  /** Where nothing is chosen a big screen shows the first section, a small one the list. */
  function update(state) {
    const { section } = state.dialog;
    const name = section ?? 'general';
    element.classList.toggle('in-section', section !== null);
    const tabs = Object.keys(sections).map(key => ({ key, current: key === name }));
    reconcile(view.sections, tabs, tab => tab.key, () => tabItem(actions));
    if (name !== shown) showSection(name, section !== null);
    const focused = element.contains(document.activeElement);
    content.update(state);
    // What had the focus may be gone with what it was for.
    if (focused && !element.contains(document.activeElement)) heading().focus();
    setText(view.result, state.dialog.result);
    showSaid(state.dialog);
  }

  /** What is said anew may be below the edge. */
  function showSaid({ result, error }) {
    const before = said;
    said = result ?? error ?? null;
    if (said === null || said === before) return;
    element.querySelector('.done:not(:empty), .error:not([hidden])')
      ?.scrollIntoView({ block: 'nearest' });
  }

  return { element, update, title: () => texts.settings };
}

function tabItem(actions) {
  const element = clone('settings-tab');
  const { button } = parts(element);
  let shown = null;
  button.addEventListener('click', () => actions.showSection(shown));

  function update({ key, current }) {
    shown = key;
    setText(button, texts.sections[key]);
    setAttribute(button, 'aria-current', current ? 'true' : null);
  }

  return { element, update };
}
