/** What a person can do in the settings: devices, password, recovery code, history, the account. */
import { newPasswordRefusal } from './account-actions.js';
import { texts } from './texts.js';
import { witnessActions } from './witness-actions.js';

const NAME_CHARS_MAX = 64;

/**
 * @param tools {attempt(ask, fail), changeDialog(kind, change), showNotificationStanding(),
 *   loadPrivacy()} of the actions
 */
export function settingsActions(page, tools) {
  const { attempt, changeDialog } = tools;
  const { dispatch, engine } = page;
  const change = fields => changeDialog('settings', fields);
  const shown = () => page.state().dialog?.kind === 'settings';
  const ownUser = () => page.state().account.user;
  const witness = witnessActions(page, { attempt, changeDialog });
  const loads = { general: loadStorage, privacy: tools.loadPrivacy, server: witness.loadWitness,
    devices: loadDevices, history: loadArchive, notifications: tools.showNotificationStanding };

  /** @param section null for the first one */
  function showSettings(section = null, asking = null) {
    dispatch({ type: 'dialog', dialog: { kind: 'settings', section, asking } });
    return load(section);
  }

  function showSection(section) {
    change({ section, asking: null, error: null, place: null, field: null, result: null,
      code: null });
    return load(section);
  }

  function load(section) {
    return loads[section ?? 'general']?.();
  }

  /**
   * Asks for one thing at a time. How it went is told at `place`, or over the page if the settings
   * were closed.
   *
   * @param result what is said when it is done, or null
   */
  async function run(place, ask, result = null) {
    if (page.state().dialog.busy) return false;
    change({ busy: true, error: null, field: null, result: null, place });
    const done = await attempt(ask, (text, { field = null }) => shown()
      ? change({ busy: false, error: text, field }) : dispatch({ type: 'alarm', text }));
    if (!done) return false;
    if (shown()) change({ busy: false, asking: null, result });
    else if (result !== null) dispatch({ type: 'told', text: result });
    return true;
  }

  /** As `run`, for what only the password opens. */
  function runWithPassword(place, password, ask, result) {
    return run(place, () => {
      if (password === '') refuse({ text: texts.passwordMissing, field: 'password' });
      return ask();
    }, result);
  }

  /** Asks for something to show, under a name of the dialog's state: {busy, error, ...found}. */
  async function loadPart(name, ask) {
    change({ [name]: { ...page.state().dialog?.[name], busy: true, error: null, stale: false } });
    const tell = fields =>
      change({ [name]: { ...page.state().dialog?.[name], busy: false, ...fields } });
    await attempt(async () => tell(await ask()), text => tell({ error: text }));
  }

  function loadDevices() {
    return loadPart('devices', async () => ({ list: await engine().devices() }));
  }

  function loadArchive() {
    return loadPart('archive', () => engine().archive());
  }

  /** What all of Sotto takes in this browser, of every account; some browsers do not say. */
  async function loadStorage() {
    change({ storage: await page.storage() });
  }

  async function renameDevice(id, typed) {
    const name = typed.trim();
    const done = await run(`device ${id}`, () => {
      const long = [...name].length > NAME_CHARS_MAX;
      if (name === '' || long) refuse({ text: texts.deviceNameProblem, field: 'name' });
      return engine().renameDevice(id, name);
    });
    if (done) await loadDevices();
  }

  async function revokeDevice({ id, name }, password) {
    const done = await runWithPassword(`device ${id}`, password,
      () => engine().revokeDevice(id, password), texts.deviceRemoved(name));
    if (done) await loadDevices();
  }

  async function removeThisBrowser(id, password) {
    const done = await runWithPassword(`device ${id}`, password,
      () => engine().removeThisBrowser(password));
    if (done) dispatch({ type: 'farewell', text: texts.browserRemoved });
  }

  function changePassword({ password, newPassword, repeat, newAccountKey }) {
    return run('password', () => {
      if (password === '') refuse({ text: texts.passwordMissing, field: 'current' });
      checkNew(newPassword, repeat);
      return engine().changePassword({ password, newPassword, newAccountKey });
    }, newAccountKey ? texts.passwordAndKeyChanged : texts.passwordChanged);
  }

  /** This browser does not know the recovery code, so it ends with the old password. */
  async function reset({ newPassword, repeat }) {
    const done = await run('reset', () => {
      checkNew(newPassword, repeat);
      return engine().reset({ newPassword });
    }, texts.resetDone);
    if (done) dispatch({ type: 'recovery-offered', offered: true });
    return done;
  }

  function checkNew(password, repeat) {
    const refusal = newPasswordRefusal(password, repeat, ownUser());
    if (refusal) refuse(refusal);
  }

  async function setRecoveryCode(password) {
    await runWithPassword('recovery', password, async () => {
      const { code } = await engine().setRecoveryCode(password);
      change({ code });
    });
  }

  async function checkRecoveryCode(typed) {
    const done = await run('check', async () => {
      if (!await engine().checkRecoveryCode(typed)) {
        refuse({ text: texts.codeDiffers, field: 'typed' });
      }
    }, texts.codeChecked);
    if (done) change({ code: null });
  }

  async function setArchive(on) {
    const done = await run('archive', () => engine().setArchive(on));
    if (done) await loadArchive();
  }

  async function deleteAccount(typed, password) {
    const done = await runWithPassword('delete', password, () => {
      if (typed.trim() !== ownUser()) refuse({ text: texts.deleteNameDiffers, field: 'name' });
      return engine().deleteAccount(password);
    });
    if (!done) return;
    dispatch({ type: 'dialog', dialog: null });
    dispatch({ type: 'farewell', text: texts.accountDeleted });
  }

  return {
    ...witness,
    showSettings,
    showSection,
    askInSettings: (what, id = null) => change({ asking: what && { what, id }, error: null,
      field: null, place: null, result: null }),
    failInSettings: (place, text) => change({ place, error: text, field: null, result: null }),
    loadDevices,
    loadArchive,
    renameDevice,
    revokeDevice,
    removeThisBrowser,
    changePassword,
    askReset: () => run('reset', () => engine().askReset()),
    cancelReset: password => runWithPassword('reset', password,
      () => engine().cancelReset(password), texts.resetCancelled),
    reset,
    setRecoveryCode,
    checkRecoveryCode,
    dropRecoveryCode: password => runWithPassword('recovery', password,
      () => engine().dropRecoveryCode(password), texts.codeDropped),
    copyCode: code => run('check',
      () => page.copy(code).catch(() => refuse({ text: texts.copyRefused })), texts.codeCopied),
    printCode: page.print,
    setArchive,
    askHistory: () => run('history', () => engine().askHistory(), texts.historyIsAsked),
    deleteAccount,
  };
}

/** Refuses before the engine is asked, as the engine does; names the field that is to blame. */
function refuse(refusal) {
  throw Object.assign(new Error('refused'), refusal);
}
