/** What everybody must see over the whole screen: no connection, alarms, a new version. */
import { clone, parts, setAttribute, setOptionalText, setText } from './dom.js';
import { ownBanners, ownNews } from './own-banners.js';
import { reconcile } from './reconcile.js';
import { texts } from './texts.js';

/** A timer that is set to more fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** @param view {banners, news}: what is put into `news` is read out when there is time */
export function bannersView({ banners, news }, actions) {
  const create = banner => banner.kind === 'password'
    ? passwordBanner(actions) : textBanner(banner, actions);
  const fill = (element, shown) => reconcile(element, shown, banner => banner.key, create);

  function update(state) {
    fill(news, newsOf(state, actions));
    fill(banners, bannersOf(state, actions));
  }

  return { update };
}

function newsOf(state, actions) {
  const { restored } = state;
  const own = ownNews(state, actions);
  if (restored === null) return own;
  return [...own, { key: 'restored', kind: 'restored', text: restored, label: texts.dismiss,
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
  banners.push(...ownBanners(state, actions));
  if (updateAvailable) {
    banners.push({ key: 'update', kind: 'update', text: texts.updateAvailable,
      label: texts.reload, act: actions.reload });
  }
  return banners;
}

/**
 * A banner is {key, kind, text, label?, act?, otherLabel?, other?, progress?: {done, total, label},
 * redrawAt?: when its words will be others}.
 */
function textBanner({ kind }, actions) {
  const element = clone('banner');
  const view = parts(element);
  element.dataset.kind = kind;
  if (kind === 'alert') element.setAttribute('role', 'alert');
  let shown = null;
  let timer = null;
  view.action.addEventListener('click', () => shown.act());
  view.other.addEventListener('click', () => shown.other());

  function showProgress({ done, total, label }) {
    setAttribute(view.progress, 'aria-label', label);
    setAttribute(view.progress, 'max', total > 0 ? total : null);
    setAttribute(view.progress, 'value', total > 0 ? done : null);
  }

  function update(banner) {
    shown = banner;
    setText(view.text, banner.text);
    setOptionalText(view.action, banner.label);
    setOptionalText(view.other, banner.otherLabel);
    view.progress.hidden = !banner.progress;
    if (banner.progress) showProgress(banner.progress);
    clearTimeout(timer);
    const wait = Math.min((banner.redrawAt ?? 0) - Date.now(), TIMER_MS_MAX);
    if (wait > 0) timer = setTimeout(actions.refresh, wait);
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
