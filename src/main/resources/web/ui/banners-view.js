/** What everybody must see over the whole screen: no connection, alarms, a new version. */
import { clone, parts, setOptionalText, setText } from './dom.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/** @param view {banners, news}: what is put into `news` is read out when there is time */
export function bannersView({ banners, news }, actions) {
  const create = banner => banner.kind === 'password'
    ? passwordBanner(actions) : textBanner(banner);
  const fill = (element, shown) => reconcile(element, shown, banner => banner.key, create);

  function update(state) {
    fill(news, newsOf(state, actions));
    fill(banners, bannersOf(state, actions));
  }

  return { update };
}

function newsOf({ restored }, actions) {
  if (restored === null) return [];
  return [{ key: 'restored', kind: 'restored', text: restored, label: texts.dismiss,
    act: actions.dismissRestored }];
}

function bannersOf(state, actions) {
  const { account, connection, alerts, updateAvailable, form } = state;
  const banners = alerts.map(({ id, text }) => ({
    key: `alert ${id}`, kind: 'alert', text, label: texts.dismiss, act: () => actions.dismiss(id),
  }));
  if (account.phase === 'needs-password') {
    banners.push({ key: 'password', kind: 'password', account, form });
  } else if (account.phase === 'replaced') {
    const text = account.text ?? texts.replaced;
    banners.push({ key: 'replaced', kind: 'alert', text, label: texts.connectHere,
      act: actions.reload });
  } else if (connection !== 'connected') {
    banners.push({ key: 'connection', kind: 'connection', text: texts.banners[connection] });
  }
  if (updateAvailable) {
    banners.push({ key: 'update', kind: 'update', text: texts.updateAvailable,
      label: texts.reload, act: actions.reload });
  }
  return banners;
}

function textBanner({ kind }) {
  const element = clone('banner');
  const { text, action } = parts(element);
  element.dataset.kind = kind;
  if (kind === 'alert') element.setAttribute('role', 'alert');
  let act = null;
  action.addEventListener('click', () => act());

  function update(banner) {
    ({ act } = banner);
    setText(text, banner.text);
    setOptionalText(action, banner.label);
  }

  return { element, update };
}

function passwordBanner(actions) {
  const element = clone('password-banner');
  const view = parts(element);
  element.addEventListener('submit', event => {
    event.preventDefault();
    const [user, password] = [view.user.value, view.password.value];
    actions.submitAccount({ mode: 'sign-in', user, password, repeat: '' });
  });

  function update({ account, form }) {
    setText(view.text, account.text ?? texts.needsPassword);
    view.user.value = account.user;
    view.submit.disabled = form.busy;
    view.password.readOnly = form.busy;
    setOptionalText(view.error, form.error);
  }

  return { element, update };
}
